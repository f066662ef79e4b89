import {
  type Document,
  isMap,
  isSeq,
  parseDocument,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { ChangeRuleResult } from './change-rule.ts';
import type { RuleFiles, TeamSource } from './rule-files.ts';

/** What one team of routing.yml is to be; what stays the same is not touched. */
export interface TeamChange {
  teamId: string;
  /** Slack's id of the channel, or the name that is there already. */
  channel: string;
  /** What people call that channel: kept beside an id as a comment. */
  channelName: string | null;
  /** E-mail addresses, in the order in which leads go round. */
  reps: readonly string[];
  manager: string | null;
  hours: TeamSource['hours'];
}

const FILE = 'routing.yml';

/** Changes one team in the YAML itself: comments, order and everything else stay. Still to be compiled. */
export function changeTeam(files: RuleFiles, change: TeamChange): ChangeRuleResult {
  const document = parseDocument(files[FILE] ?? '');
  if (document.errors.length > 0) return { ok: false, message: `${FILE} is not valid YAML.` };
  const team = findTeam(document, change.teamId);
  if (team === undefined) return { ok: false, message: `There is no team "${change.teamId}".` };
  setChannel(document, team, change);
  setReps(document, team, change.reps);
  if (change.manager === null) team.delete('manager');
  else setValue(team, 'manager', change.manager);
  setHours(document, team, change.hours);
  const changed = document.toString({ lineWidth: 0, flowCollectionPadding: true });
  return { ok: true, files: { ...files, [FILE]: changed } };
}

function findTeam(document: Document, teamId: string): YAMLMap | undefined {
  const teams = document.get('teams');
  if (!isSeq(teams)) return undefined;
  return teams.items.filter((item) => isMap(item)).find((item) => item.get('id') === teamId);
}

/** The node keeps its quotes and comments. */
function setValue(map: YAMLMap, key: string, value: unknown): void {
  if (map.get(key) !== value) map.set(key, value);
}

function setChannel(document: Document, team: YAMLMap, change: TeamChange): void {
  if (team.get('channel') === change.channel) return;
  const channel = document.createNode(change.channel);
  if (channel instanceof Scalar && change.channelName !== null) {
    channel.comment = ` ${change.channelName.replaceAll(/[\r\n]/g, ' ')}`;
  }
  team.set('channel', channel);
}

/** Those who stay keep their own capacity and comments. */
function setReps(document: Document, team: YAMLMap, wanted: readonly string[]): void {
  const present = team.get('reps');
  const reps: YAMLSeq = isSeq(present) ? present : document.createNode<string[]>([]);
  const emailOf = (item: unknown) => (isMap(item) ? String(item.get('email')).toLowerCase() : '');
  const kept = new Map(reps.items.map((item) => [emailOf(item), item]));
  const same = [...kept.keys()].join('\n') === wanted.join('\n').toLowerCase();
  if (same) return;
  reps.items = wanted.map(
    (email) => kept.get(email.toLowerCase()) ?? document.createNode({ email }, { flow: true }),
  );
  if (present !== reps) team.set('reps', reps);
}

function setHours(document: Document, team: YAMLMap, hours: TeamSource['hours']): void {
  const map = team.get('hours');
  if (!isMap(map)) return;
  setValue(map, 'time_zone', hours.time_zone);
  const days = map.get('days');
  const present = isSeq(days) ? days.toJSON() : null;
  if (JSON.stringify(present) !== JSON.stringify(hours.days)) {
    map.set('days', document.createNode(hours.days, { flow: true }));
  }
  setClock(map, 'from', hours.from);
  setClock(map, 'to', hours.to);
}

/** In quotes: YAML would take 09:00 for a number in some readers. */
function setClock(map: YAMLMap, key: string, value: string): void {
  if (map.get(key) === value) return;
  const clock = new Scalar(value);
  clock.type = Scalar.QUOTE_DOUBLE;
  map.set(key, clock);
}
