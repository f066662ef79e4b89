import type { KnownBlock } from '@slack/types';
import { capitalised } from '../../scoring/value-words.ts';
import {
  context,
  divider,
  header,
  mrkdwn,
  richLists,
  richText,
  section,
  span,
} from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { fitLine } from '../text/escape.ts';
import { proportion } from '../text/numbers.ts';
import { REPORT } from '../text/reply-words.ts';
import { duration, within } from '../text/time.ts';
import type { ReportView } from '../views.ts';

const DAY_MS = 86_400_000;
const RULES_SHOWN = 12;

/** Counts, rates with n and interval, and the proof that no lead was lost. */
export function buildReport(view: ReportView): Message {
  const title = REPORT.title(daysOf(view));
  const overall = `${REPORT.overrideRate}: ${overallRate(view)}`;
  return {
    text: [title, conservation(view), REPORT.counts(view.decisions), overall, times(view)].join(
      '\n',
    ),
    blocks: [header(title), ...reportBlocks(view)],
  };
}

/** Without the headline: App Home has its own. */
export function reportBlocks(view: ReportView): KnownBlock[] {
  return [
    section(conservation(view)),
    divider(),
    richText(span(`${REPORT.decisions}  `, 'bold'), span(REPORT.counts(view.decisions))),
    richText(span(`${REPORT.timeToAccept}  `, 'bold'), span(times(view))),
    richText(span(`${REPORT.overrideRate}  `, 'bold'), span(overallRate(view))),
    ...list(REPORT.byTier, byTier(view)),
    ...list(REPORT.byRule, byRule(view)),
    context(mrkdwn(REPORT.notError)),
  ];
}

function daysOf({ from, to }: ReportView): number {
  return Math.round((to.getTime() - from.getTime()) / DAY_MS);
}

/** "in 30 days: 412 received = ...": the sum that shows where every lead is. */
export function balanceText(view: ReportView): string {
  return REPORT.conservation(view.conservation, daysOf(view));
}

/** Printed even when it does not add up: that is what it is for. */
function conservation(view: ReportView): string {
  const { conservation: sums } = view;
  const gap = sums.received - sums.merged - sums.delivered - sums.held - sums.inFlight - sums.tests;
  const verdict = sums.balanced && gap === 0 ? REPORT.balanced : `*${REPORT.unbalanced(gap)}*`;
  return `*${capitalised(balanceText(view))}*\n${verdict}`;
}

function times({ timeToAccept, minimumN }: ReportView): string {
  const { n, medianMs, p90Ms } = timeToAccept;
  if (medianMs === null || p90Ms === null) return REPORT.noTimes;
  if (n < minimumN) return REPORT.fewTimes(n, minimumN);
  return REPORT.times(duration(medianMs), within(p90Ms), n);
}

function overallRate({ overrideRate: rate, minimumN }: ReportView): string {
  return rate.n === 0 ? REPORT.noDecisions : REPORT.perScore(proportion(rate, minimumN));
}

/** None where nobody decided anything. */
function byTier({ overrideByTier, minimumN }: ReportView): string[] {
  const judged = overrideByTier.filter(({ proportion: { n } }) => n > 0);
  const rest = overrideByTier.filter(({ proportion: { n } }) => n === 0).map(({ tier }) => tier);
  if (judged.length === 0) return [];
  const lines = judged.map(
    ({ tier, proportion: value }) => `${tier}: ${proportion(value, minimumN)}`,
  );
  return rest.length === 0 ? lines : [...lines, REPORT.noneIn(rest)];
}

function byRule(view: ReportView): string[] {
  const rows = view.overrideByRule.toSorted(
    (a, b) => b.blamed.hits - a.blamed.hits || b.proportion.hits - a.proportion.hits,
  );
  const lines = rows.slice(0, RULES_SHOWN).map((row) => {
    const blamed = REPORT.blamed(`${row.blamed.hits} of ${row.blamed.n}`);
    return `${fitLine(row.ruleId, 120)}: ${proportion(row.proportion, view.minimumN)}, ${blamed}`;
  });
  if (rows.length > RULES_SHOWN) lines.push(REPORT.more(rows.length - RULES_SHOWN));
  return lines;
}

function list(title: string, lines: readonly string[]): KnownBlock[] {
  if (lines.length === 0) return [];
  return [richText(span(title, 'bold')), ...richLists(lines.map((line) => [span(line)]))];
}
