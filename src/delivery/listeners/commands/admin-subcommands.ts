import { richLists, section, span } from '../../blocks/kit.ts';
import type { Message } from '../../blocks/message.ts';
import type { GrantableRole, GrantResult } from '../../ports.ts';
import { balanceText } from '../../replies/report.ts';
import { sentence } from '../../replies/sentence.ts';
import { fitLine } from '../../text/escape.ts';
import { HEALTH, ROLES, SWITCH } from '../../text/reply-words.ts';
import { RULES } from '../../text/words.ts';
import type { HeldView } from '../../views.ts';
import type { HealthLine, SlackDeps } from '../deps.ts';
import type { Invocation, Subcommand } from './subcommand.ts';

export const ADMIN_SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: 'pause',
    usage: 'pause',
    does: 'stops posting; leads keep coming in',
    act: 'pause',
    kind: 'answer',
    async answer({ deps, userId }) {
      await deps.switches.setPaused(true, userId);
      return sentence(SWITCH.paused);
    },
  },
  {
    name: 'resume',
    usage: 'resume',
    does: 'posts again',
    act: 'resume',
    kind: 'answer',
    async answer({ deps, userId }) {
      await deps.switches.setPaused(false, userId);
      return sentence(SWITCH.resumed);
    },
  },
  {
    name: 'grant',
    usage: 'grant @person manager',
    does: 'makes somebody a rep, manager or admin',
    act: 'grant',
    kind: 'answer',
    answer: grant,
  },
  {
    name: 'health',
    usage: 'health',
    does: 'whether all is well',
    act: 'health',
    kind: 'answer',
    answer: showHealth,
  },
];

const GRANT = /^<@([UW][A-Z0-9]{1,20})(?:\|[^>]*)?>\s+(rep|manager|admin)$/;
const ROLE_OF: Readonly<Record<string, GrantableRole>> = {
  rep: 'rep',
  manager: 'manager',
  admin: 'admin',
};

/** Only a person that Slack has resolved to an id: two people may share a name. */
async function grant({ deps, args, userId }: Invocation): Promise<Message> {
  const [, target, word] = GRANT.exec(args) ?? [];
  const role = ROLE_OF[word ?? ''];
  if (target === undefined || role === undefined) return sentence(ROLES.usage);
  const result = await deps.members.grant(target, role, userId);
  return sentence(describeGrant(result, target, role));
}

function describeGrant(result: GrantResult, target: string, role: GrantableRole): string {
  switch (result.kind) {
    case 'granted':
      return `<@${target}> ${ROLES.granted(role)}`;
    case 'unknown':
      return ROLES.unknownPerson;
    case 'not_eligible':
      return `<@${target}> ${ROLES.notEligible[result.standing]}`;
    case 'last_admin':
      return `<@${target}> ${ROLES.lastAdmin}`;
    case 'configured':
      return `<@${target}> ${ROLES.configured}`;
  }
}

async function showHealth({ deps }: Invocation): Promise<Message> {
  const lines = [...(await ownHealth(deps)), ...((await deps.health?.()) ?? [])];
  const said = lines.map(({ name, ok, detail }) => {
    const verdict = ok ? HEALTH.ok : HEALTH.attention;
    return fitLine(`${name}: ${verdict}, ${detail}`, 300);
  });
  return {
    text: [HEALTH.title, ...said].join('\n'),
    blocks: [section(`*${HEALTH.title}*`), ...richLists(said.map((line) => [span(line)]))],
  };
}

async function ownHealth({ switches, ruleAdmin, queries }: SlackDeps): Promise<HealthLine[]> {
  const [paused, live, held, report] = await Promise.all([
    switches.paused(),
    ruleAdmin.live(),
    queries.held(),
    queries.report(1),
  ]);
  const { conservation } = report;
  return [
    { name: HEALTH.posting, ok: !paused, detail: paused ? HEALTH.paused : HEALTH.running },
    { name: HEALTH.ruleset, ok: true, detail: RULES.live(live.version, live.rules.length) },
    ...heldHealth(held),
    { name: HEALTH.balance, ok: conservation.balanced, detail: balanceText(report) },
  ];
}

/** A rule that stops leads does its work: only what could not be read or scored needs mending. */
function heldHealth({ broken, stopped }: HeldView): HealthLine[] {
  const isRead = broken.count === 0;
  return [
    {
      name: HEALTH.held,
      ok: isRead,
      detail: isRead ? HEALTH.allRead : HEALTH.toLookAt(broken.count),
    },
    {
      name: HEALTH.stopped,
      ok: true,
      detail: stopped.count === 0 ? HEALTH.noneStopped : HEALTH.toLookAt(stopped.count),
    },
  ];
}
