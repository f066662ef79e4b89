import type { Message } from '../../blocks/message.ts';
import { buildRuleBlocks } from '../../modals/rules.ts';
import type { Member } from '../../ports.ts';
import { buildReport } from '../../replies/report.ts';
import { sentence } from '../../replies/sentence.ts';
import { escapeMrkdwn } from '../../text/escape.ts';
import { REPORT } from '../../text/reply-words.ts';
import { RULES } from '../../text/words.ts';
import type { SlackDeps } from '../deps.ts';
import { readRules } from '../read-rules.ts';
import { mayDo } from '../require-role.ts';
import { closeMatches } from './close-matches.ts';
import type { Invocation, Subcommand } from './subcommand.ts';

const DEFAULT_DAYS = 30;
const MAX_DAYS = 365;

export const RULE_SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: 'report',
    usage: 'report 30',
    does: 'counts, override rate and time to accept over so many days',
    act: 'report',
    kind: 'answer',
    answer: showReport,
  },
  {
    name: 'rules',
    usage: 'rules',
    does: 'the live rules; admins change them there',
    act: 'rules',
    kind: 'modal',
    open: ({ deps }, member) => readRules(deps, member, 0),
  },
  {
    name: 'rule',
    usage: 'rule',
    example: someRule,
    does: 'one rule',
    act: 'rules',
    kind: 'answer',
    answer: showRule,
  },
];

async function showReport({ deps, args }: Invocation): Promise<Message> {
  const days = daysOf(args);
  return days === null
    ? sentence(REPORT.usage(MAX_DAYS))
    : buildReport(await deps.queries.report(days));
}

/** "7" or "7 days"; nothing said is 30. Null: no number of days that we report on. */
function daysOf(args: string): number | null {
  if (args === '') return DEFAULT_DAYS;
  const days = Number(/^(\d{1,4})(?:\s*d(?:ays?)?)?$/i.exec(args)?.[1]);
  return days >= 1 && days <= MAX_DAYS ? days : null;
}

async function someRule({ ruleAdmin }: SlackDeps): Promise<string | null> {
  const { rules } = await ruleAdmin.live();
  return rules.find((rule) => rule.enabled)?.ruleId ?? null;
}

async function showRule({ deps, args }: Invocation, member: Member) {
  const { rules } = await deps.ruleAdmin.live();
  const rule = rules.find((each) => each.ruleId === args);
  if (rule === undefined) {
    const near = closeMatches(
      args,
      rules.map((each) => each.ruleId),
      3,
    );
    const hint = near.length === 0 ? '' : ` ${RULES.closest(near)}`;
    return sentence(`${RULES.unknownRule(escapeMrkdwn(args, 100))}${hint}`);
  }
  return {
    text: `${escapeMrkdwn(rule.ruleId, 120)}: ${escapeMrkdwn(rule.why, 300)}`,
    blocks: buildRuleBlocks(rule, mayDo(member.role, 'changeRule')),
  };
}
