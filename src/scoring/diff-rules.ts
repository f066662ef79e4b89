import { readRuleFiles } from './read-rule-files.ts';
import type { RuleFiles } from './rule-files.ts';
import { ProblemList } from './rule-problem.ts';

/** One thing that differs: a rule's points, a tier's threshold. Values as JSON; undefined: not there. */
export interface RuleChange {
  /** "intent.pricing-page points", "model.yml tiers.A.points". */
  what: string;
  before: string | undefined;
  after: string | undefined;
}

export interface RulesDiff {
  added: string[];
  removed: string[];
  changed: RuleChange[];
}

/** What two versions of the rules say differently. Null when one of them cannot be read. */
export function diffRules(before: RuleFiles, after: RuleFiles): RulesDiff | null {
  const old = readable(before);
  const current = readable(after);
  if (old === null || current === null) return null;
  const diff: RulesDiff = { added: [], removed: [], changed: [] };
  for (const [id, rule] of current.named) {
    const known = old.named.get(id);
    if (known === undefined) diff.added.push(id);
    else diff.changed.push(...changes(`${id} `, flat(known), flat(rule)));
  }
  diff.removed.push(...[...old.named.keys()].filter((id) => !current.named.has(id)));
  diff.changed.push(...changes('', old.rest, current.rest));
  if (diff.changed.length + diff.added.length + diff.removed.length === 0) {
    diff.changed.push(...orderChanges(old.named, current.named));
  }
  return diff;
}

interface Readable {
  /** Rules, groups, stops, floors, ceilings, teams and routes by id, in the order of the files. */
  named: Map<string, unknown>;
  rest: Map<string, string>;
}

function readable(files: RuleFiles): Readable | null {
  const parsed = readRuleFiles(files, new ProblemList());
  if (parsed === null) return null;
  const named = new Map<string, unknown>();
  const { fit, intent, disqualify, routing, model } = parsed;
  const lists: (readonly { id: string }[] | undefined)[] = [
    ...[fit, intent].flatMap(({ value }) => [value.groups, value.rules]),
    ...Object.values(disqualify.value),
    ...Object.values(routing.value),
  ];
  for (const item of lists.flatMap((list) => list ?? [])) named.set(item.id, item);
  const rest = new Map(
    [...flat(model.value)].map(([path, value]) => [`model.yml ${path}`, value] as const),
  );
  return { named, rest };
}

/** Leaves by path; lists are leaves. */
function flat(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map([[path, JSON.stringify(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [
      ...flat(inner, path === '' ? key : `${path}.${key}`),
    ]),
  );
}

function changes(
  prefix: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): RuleChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths.flatMap((path) => {
    const change = { what: prefix + path, before: before.get(path), after: after.get(path) };
    return change.before === change.after ? [] : [change];
  });
}

/** In a group that picks the first, and among routes, order is meaning. */
function orderChanges(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): RuleChange[] {
  const was = JSON.stringify([...before.keys()]);
  const is = JSON.stringify([...after.keys()]);
  return was === is ? [] : [{ what: 'order of the rules', before: was, after: is }];
}
