import type { Message } from '../../blocks/message.ts';
import type { Member } from '../../ports.ts';
import { buildReport } from '../../replies/report.ts';
import { buildRule, type OneRule } from '../../replies/rule.ts';
import { sentence } from '../../replies/sentence.ts';
import { RULE } from '../../text/command-words.ts';
import { escapeMrkdwn } from '../../text/escape.ts';
import { REPORT } from '../../text/reply-words.ts';
import { RULES } from '../../text/words.ts';
import type { SlackDeps } from '../deps.ts';
import { readRules } from '../read-rules.ts';
import { mayDo } from '../require-role.ts';
import { findRule } from './find-rule.ts';
import type { Invocation, Subcommand } from './subcommand.ts';

const DEFAULT_DAYS = 30;
const MAX_DAYS = 365;

export const RULE_SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: 'report',
    usage: 'report 30',
    does: 'counts, override rate and time to accept over so many days',
    takes: 'words',
    act: 'report',
    kind: 'answer',
    answer: showReport,
    share: shareReport,
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
    does: 'one rule: points, condition, where it fires, how often it was overridden',
    more: ['A part of the id is enough when no other rule has it.'],
    takes: 'words',
    act: 'rules',
    kind: 'answer',
    answer: showRule,
    share: shareRule,
  },
];

async function showReport(call: Invocation): Promise<Message> {
  return (await shareReport(call)) ?? sentence(REPORT.usage(MAX_DAYS));
}

async function shareReport({ deps, args }: Invocation): Promise<Message | null> {
  const days = daysOf(args);
  return days === null ? null : buildReport(await deps.queries.report(days));
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

async function showRule({ deps, args }: Invocation, member: Member): Promise<Message> {
  if (args === '') return sentence(RULE.usage);
  const one = await readRule(deps, args);
  if ('rule' in one) return buildRule(one, mayDo(member.role, 'changeRule'));
  const near = one.near.length === 0 ? '' : ` ${RULES.closest(one.near)}`;
  return sentence(`${RULES.unknownRule(escapeMrkdwn(args, 100))}${near}`);
}

async function shareRule({ deps, args }: Invocation): Promise<Message | null> {
  const one = await readRule(deps, args);
  return 'rule' in one ? buildRule(one, false) : null;
}

async function readRule(deps: SlackDeps, typed: string): Promise<OneRule | { near: string[] }> {
  const { version, rules } = await deps.ruleAdmin.live();
  const found = findRule(rules, typed);
  if (!('rule' in found)) return found;
  const activity = await deps.queries.ruleActivity(found.rule.ruleId);
  return { rule: found.rule, version, activity };
}
