import type { BacktestResult } from '../../evaluation/backtest.ts';
import { MINIMUM_N, type Proportion } from '../../evaluation/proportion.ts';
import type { Auc } from '../../evaluation/score-histogram.ts';
import { TIERS } from '../../scoring/assessment.ts';
import type { BacktestRun, LineProblems } from './run-backtest.ts';

/** The whole result as text for a terminal, 100 columns wide at most. */
export function printTable(run: BacktestRun): string {
  const { result, broken, unread } = run;
  const sections = [
    [
      `${result.n} leads, ${percent(result.conversion)} converted`,
      `Ranking quality (AUC): ${aucText(result.auc)}; 0.5 is chance, 1 is perfect`,
      ...outcomeLines(run),
      ...problemLines('lines left out', broken),
      ...problemLines(UNREAD_SIGNALS, unread),
    ],
    ['From the top of the ranking', ...table(TOP_HEAD, topRows(result)), rankingLine(result)],
    ['By tier', ...table(TIER_HEAD, tierRows(result)), ...orderLines(result)],
    ['By rule', ...table(RULE_HEAD, ruleRows(result))],
  ];
  if (result.periods.length > 0) {
    sections.push(['By period', ...table(PERIOD_HEAD, periodRows(result))]);
  }
  sections.push([`Intervals are 95 %. A rate of fewer than ${MINIMUM_N} leads is withheld.`]);
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

export const UNREAD_SIGNALS =
  'signal times not read, taken as not known (the signal\'s "format" in the mapping says how to read them)';
export const TOP_HEAD = ['top', 'leads', 'converted', 'lift', 'of all conversions'];
const TIER_HEAD = ['tier', 'leads', 'converted', 'interval'];
const RULE_HEAD = ['rule', 'fired', 'unknown', 'when it fired', 'otherwise'];
const PERIOD_HEAD = ['period', 'leads', 'converted', 'AUC', 'interval'];

export function topRows({ top }: BacktestResult): string[][] {
  return top.map(({ share, n, precision, lift, recall }) => {
    if (n < MINIMUM_N) return [share100(share), String(n), 'withheld', '-', '-'];
    return [
      share100(share),
      String(n),
      share100(precision),
      lift === null ? '-' : lift.toFixed(2),
      recall === null ? '-' : share100(recall),
    ];
  });
}

function tierRows({ tiers }: BacktestResult): string[][] {
  return TIERS.map((tier) => [
    tier,
    String(tiers[tier].n),
    percent(tiers[tier]),
    interval(tiers[tier]),
  ]);
}

function ruleRows({ rules }: BacktestResult): string[][] {
  return rules.map(({ ruleId, fired, unknown, whenFired, otherwise }) => [
    ruleId,
    String(fired),
    String(unknown),
    percent(whenFired),
    percent(otherwise),
  ]);
}

function periodRows({ periods }: BacktestResult): string[][] {
  return periods.map(({ period, conversion, auc }) => [
    period,
    String(conversion.n),
    percent(conversion),
    auc === null ? '-' : auc.value.toFixed(3),
    auc === null ? '-' : `${auc.low.toFixed(3)} to ${auc.high.toFixed(3)}`,
  ]);
}

export function orderLines({ outOfOrder, sameRate }: BacktestResult): string[] {
  if (outOfOrder === null || sameRate === null) {
    return [
      `Whether better tiers convert better is not known: it takes two with ${MINIMUM_N} leads.`,
    ];
  }
  if (outOfOrder.length === 0 && sameRate.length === 0) {
    return ['Better tiers convert better, as they should.'];
  }
  return [
    ...outOfOrder.map(({ better, worse }) => `Tier ${worse} converts better than ${better}.`),
    ...sameRate.map(({ better, worse }) => `Tiers ${better} and ${worse} convert the same.`),
  ];
}

/** What the ranking is. */
export function rankingLine({ stopped }: BacktestResult): string {
  const stops = stopped.n === 0 ? '' : ` ${stopped.n} stopped leads are not on it: they rank last.`;
  return `Ranked as on the board: by tier, then by points.${stops}`;
}

/** Says so where no outcome was read as "converted". */
export function outcomeLines({ onlyOutcomes }: BacktestRun): string[] {
  if (onlyOutcomes.length === 0) return [];
  const seen = onlyOutcomes.map((outcome) => JSON.stringify(outcome)).join(', ');
  return [
    `No outcome is read as "converted": the file has ${seen}.`,
    'Name those that are in the mapping, such as: outcome: { converted: [Closed Won] }',
  ];
}

function problemLines(what: string, { count, problems }: LineProblems): string[] {
  if (count === 0) return [];
  const lines = problems.map(({ problem, count: times, lines: at }) => {
    const more = times > at.length ? ` and ${times - at.length} more` : '';
    return `  ${problem}: line ${at.join(', ')}${more}`;
  });
  return [`${count} ${what}:`, ...lines];
}

export function aucText(auc: Auc | null): string {
  if (auc === null) return 'not known, it takes two leads that converted and two that did not';
  return `${auc.value.toFixed(3)} (${auc.low.toFixed(3)} to ${auc.high.toFixed(3)})`;
}

export function share100(share: number): string {
  const percentage = share * 100;
  return `${percentage < 10 ? percentage.toFixed(1) : percentage.toFixed(0)} %`;
}

export function percent({ rate }: Proportion): string {
  return rate === null ? 'withheld' : share100(rate);
}

export function interval({ low, high }: Proportion): string {
  return low === null || high === null ? '-' : `${share100(low)} to ${share100(high)}`;
}

/** First column to the left, the others to the right. */
function table(head: readonly string[], rows: readonly string[][]): string[] {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const print = (cells: readonly string[]) =>
    `  ${cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')}`;
  return [print(head), ...rows.map(print)];
}
