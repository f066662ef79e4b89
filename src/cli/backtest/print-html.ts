import type { BacktestResult, PeriodQuality } from '../../evaluation/backtest.ts';
import type { Proportion } from '../../evaluation/proportion.ts';
import { MINIMUM_N } from '../../evaluation/proportion.ts';
import { TIERS } from '../../scoring/assessment.ts';
import { barChart, escapeHtml, type Mark, pointChart } from './charts.ts';
import {
  aucText,
  interval,
  orderLines,
  outcomeLines,
  percent,
  rankingLine,
  share100,
  TOP_HEAD,
  topRows,
  UNREAD_SIGNALS,
} from './print-table.ts';
import type { BacktestRun, LineProblems } from './run-backtest.ts';

/** One page that needs nothing else: charts are inline SVG, there is no script. */
export function printHtml(run: BacktestRun, { title, at }: { title: string; at: Date }): string {
  const { result, broken, unread } = run;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${result.n} leads, ${percent(result.conversion)} converted. Ranking quality (AUC):
<strong>${aucText(result.auc)}</strong>; 0.5 is chance, 1 is perfect.</p>
${outcomeLines(run)
  .map((line) => `<p>${escapeHtml(line)}</p>`)
  .join('\n')}
${problemsHtml('lines left out', broken)}
${problemsHtml(UNREAD_SIGNALS, unread)}
<section><h2>Conversion by tier</h2>
${barChart('Conversion by tier, with 95 % intervals', tierMarks(result))}
<p>${orderLines(result).join(' ')}</p></section>
<section><h2>From the top of the ranking</h2>
${pointChart('Share of all conversions found in the top of the ranking', gains(result))}
${table(TOP_HEAD, topRows(result))}
<p>${rankingLine(result)}</p></section>
<section><h2>Scores</h2>
${barChart('Leads by score', scoreMarks(result))}</section>
${result.periods.length === 0 ? '' : periodsHtml(result.periods)}
<section><h2>Rules</h2>${rulesTable(result)}</section>
<footer>Made ${escapeHtml(at.toISOString().slice(0, 16).replace('T', ' '))} UTC. Intervals are 95 %;
rates of few leads are withheld.</footer>
</main>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1d1c1d; --soft: #616061; --paper: #fff; --line: #ddd; --bar: #1264a3; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #d1d2d3; --soft: #ababad; --paper: #1a1d21; --line: #3a3d41; --bar: #1d9bd1; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.125rem; margin: 2rem 0 .5rem; }
figure { margin: 0; overflow-x: auto; }
svg { width: 100%; height: auto; min-width: 30rem; }
svg text { fill: var(--soft); font-size: 12px; }
.bar { fill: var(--bar); }
.whisker, .curve { stroke: var(--ink); stroke-width: 1.5; fill: none; }
.axis { stroke: var(--line); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .5rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
footer { margin-top: 2rem; color: var(--soft); font-size: .875rem; }
`;

function tierMarks({ tiers }: BacktestResult): Mark[] {
  return TIERS.map((tier) => rateMark(tier, tiers[tier]));
}

function rateMark(label: string, { rate, low, high, n }: Proportion): Mark {
  const note = rate === null ? `withheld, n=${n}` : `${share100(rate)}, n=${n}`;
  return { label, value: rate ?? 0, low, high, note };
}

function gains({ top }: BacktestResult): Mark[] {
  return [
    { label: '0', at: 0, value: 0, low: null, high: null, note: '' },
    ...top.flatMap(({ share, n, recall }) =>
      recall === null || n < MINIMUM_N
        ? []
        : [
            {
              label: share100(share),
              at: share,
              value: recall,
              low: null,
              high: null,
              note: `top ${share100(share)}: ${share100(recall)} of all conversions`,
            },
          ],
    ),
    { label: '100 %', at: 1, value: 1, low: null, high: null, note: '' },
  ];
}

/** Scores in steps of five: a hundred bars say no more. */
function scoreMarks({ histogram, n }: BacktestResult): Mark[] {
  const counts = histogram.positives.map((count, bin) => count + (histogram.negatives[bin] ?? 0));
  return Array.from({ length: 20 }, (_, step) => {
    const from = step * 5;
    const to = step === 19 ? 101 : from + 5;
    const count = counts.slice(from, to).reduce((sum, more) => sum + more, 0);
    const label = String(from);
    const note = `${from} to ${to - 1} points: ${count} leads`;
    return { label, value: n === 0 ? 0 : count / n, low: null, high: null, note };
  });
}

function periodsHtml(periods: readonly PeriodQuality[]): string {
  const marks = periods.map(({ period, auc }): Mark => {
    const note = auc === null ? `${period}: too few` : `${period}: ${auc.value.toFixed(3)}`;
    return {
      label: period,
      value: auc?.value ?? 0,
      low: auc?.low ?? null,
      high: auc?.high ?? null,
      note,
    };
  });
  const rows = periods.map(({ period, conversion, auc }) => [
    period,
    String(conversion.n),
    percent(conversion),
    auc === null ? '-' : aucText(auc),
  ]);
  return `<section><h2>By period</h2>
${barChart('Ranking quality (AUC) by period, with 95 % intervals', marks)}
${table(['Period', 'Leads', 'Converted', 'AUC'], rows)}</section>`;
}

function rulesTable({ rules }: BacktestResult): string {
  const rows = rules.map(({ ruleId, fired, unknown, whenFired, otherwise }) => [
    ruleId,
    String(fired),
    String(unknown),
    `${percent(whenFired)} (${interval(whenFired)})`,
    percent(otherwise),
  ]);
  return table(['Rule', 'Fired', 'Unknown', 'When it fired', 'Otherwise'], rows);
}

function problemsHtml(what: string, { count, problems }: LineProblems): string {
  if (count === 0) return '';
  const items = problems.map(
    ({ problem, count: times, lines }) =>
      `<li>${escapeHtml(problem)}: ${times} (line ${lines.join(', ')}${times > lines.length ? ', …' : ''})</li>`,
  );
  return `<p>${count} ${escapeHtml(what)}:</p><ul>${items.join('')}</ul>`;
}

function table(head: readonly string[], rows: readonly string[][]): string {
  const cells = (tag: 'th' | 'td', row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<div class="scroll"><table><thead>${cells('th', head)}</thead><tbody>${rows
    .map((row) => cells('td', row))
    .join('\n')}</tbody></table></div>`;
}
