import { capitalised } from '../../scoring/value-words.ts';
import { whyOutline } from '../../scoring/why-template.ts';
import { context, mrkdwn, richLists, span } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { buildRuleBlocks } from '../modals/rules.ts';
import { RULE } from '../text/command-words.ts';
import { escapeMrkdwn, fitLine } from '../text/escape.ts';
import { proportion, signed } from '../text/numbers.ts';
import type { RuleActivityView, RuleRow } from '../views.ts';

export interface OneRule {
  rule: RuleRow;
  /** Of the live ruleset. */
  version: number;
  activity: RuleActivityView;
}

/** `/firstcall rule <id>`: what it does, where it counts now, and what people made of it. */
export function buildRule({ rule, version, activity }: OneRule, mayChange: boolean): Message {
  const lines = activityLines(activity);
  const points = rule.points === null ? RULE.decides : RULE.points(signed(rule.points));
  const state = rule.enabled ? RULE.on : RULE.off;
  return {
    text: [
      `${escapeMrkdwn(rule.ruleId, 120)}: ${points}, ${state}`,
      ...(rule.why === '' ? [] : [escapeMrkdwn(whyOutline(rule.why), 300)]),
      RULE.when(escapeMrkdwn(rule.when, 600)),
      ...lines,
    ].join('\n'),
    blocks: [
      ...buildRuleBlocks(rule, mayChange),
      ...richLists(lines.map((line) => [span(line)])),
      context(mrkdwn(RULE.ruleset(version, fitLine(rule.file, 40)))),
    ],
  };
}

function activityLines(activity: RuleActivityView): string[] {
  const { openCount, firesOn, holds, days, overridden, blamed, minimumN } = activity;
  const now = RULE.fires(firesOn, openCount);
  return [
    holds === 0 ? now : `${now}, ${RULE.holds(holds)}`,
    `${RULE.overridden(days)}: ${proportion(overridden, minimumN)}`,
    `${capitalised(RULE.blamed)}: ${proportion(blamed, minimumN)}`,
  ];
}
