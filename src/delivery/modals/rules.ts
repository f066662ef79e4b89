import type { ActionsBlockElement, KnownBlock, ModalView } from '@slack/types';
import { whyOutline } from '../../scoring/why-template.ts';
import { ACTIONS } from '../action-ids.ts';
import { actions, button, context, mrkdwn, section } from '../blocks/kit.ts';
import type { RuleAdmin } from '../ports.ts';
import { isSlackUserId } from '../slack-user-id.ts';
import { escapeMrkdwn, fitLine } from '../text/escape.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { signed } from '../text/numbers.ts';
import { dateToken } from '../text/time.ts';
import { LABELS, RULES } from '../text/words.ts';
import type { RuleRow } from '../views.ts';
import { modal } from './modal.ts';

export type LiveRules = Awaited<ReturnType<RuleAdmin['live']>>;
export const RULES_PER_PAGE = 20;

/** The live rules, a page at a time; Change and Roll back for those who may. */
export function buildRules(
  live: LiveRules,
  options: { page: number; mayChange: boolean; now: Date },
): ModalView {
  const pages = Math.max(1, Math.ceil(live.rules.length / RULES_PER_PAGE));
  const page = Math.min(Math.max(0, options.page), pages - 1);
  const from = page * RULES_PER_PAGE;
  const shown = live.rules.slice(from, from + RULES_PER_PAGE);
  const blocks: KnownBlock[] = [
    section(`*${RULES.live(live.version, live.rules.length)}*`),
    context(mrkdwn(publication(live, options.now))),
    ...shown.map((rule) => ruleBlock(rule, options.mayChange)),
  ];
  if (pages > 1) {
    const range = RULES.page(from + 1, from + shown.length, live.rules.length);
    blocks.push(context(mrkdwn(range)));
  }
  const buttons = footButtons(page, pages, options.mayChange, live.version);
  if (buttons.length > 0) blocks.push(actions('rules_foot', buttons));
  return modal({ title: RULES.title, blocks });
}

function publication(live: LiveRules, now: Date): string {
  const note = escapeMrkdwn(live.note, 300);
  const by = isSlackUserId(live.author) ? `<@${live.author}>` : escapeMrkdwn(live.author, 80);
  return `${RULES.by} ${by}, ${dateToken(live.publishedAt, now)}${note === '' ? '' : `: ${note}`}`;
}

/** Points, id, sentence and condition; plain text, since rules are text that people wrote. */
export function ruleText(rule: RuleRow): string {
  const points = rule.points === null ? RULES.noPoints : signed(rule.points);
  const state = rule.enabled ? '' : ` (${RULES.off})`;
  const lines = [`${points}  ${fitLine(rule.ruleId, 120)}${state}`];
  if (rule.why !== '') lines.push(fitLine(whyOutline(rule.why), 240));
  lines.push(`when ${fitLine(rule.when, 600)}`);
  return lines.join('\n');
}

function ruleBlock(rule: RuleRow, mayChange: boolean): KnownBlock {
  const label = { label: LABELS.change, spoken: `${LABELS.change} ${rule.ruleId}` };
  const change = button({ ...label, actionId: ACTIONS.rulesChange, value: rule.ruleId });
  return {
    type: 'section',
    text: { type: 'plain_text', text: ruleText(rule), emoji: false },
    ...(mayChange && rule.ruleId.length <= SLACK_LIMITS.buttonValue ? { accessory: change } : {}),
  };
}

function footButtons(
  page: number,
  pages: number,
  mayChange: boolean,
  version: number,
): ActionsBlockElement[] {
  const turn = (label: string, to: number, actionId: string) =>
    button({ label, actionId, value: String(to) });
  return [
    ...(page > 0 ? [turn(LABELS.previous, page - 1, ACTIONS.rulesPrevious)] : []),
    ...(page < pages - 1 ? [turn(LABELS.next, page + 1, ACTIONS.rulesNext)] : []),
    ...(mayChange
      ? [
          button({
            label: LABELS.rollback,
            actionId: ACTIONS.rulesRollback,
            value: String(version),
          }),
        ]
      : []),
  ];
}

/** One rule as a block, for `/firstcall rule <id>`. */
export function buildRuleBlocks(rule: RuleRow, mayChange: boolean): KnownBlock[] {
  return [ruleBlock(rule, mayChange)];
}
