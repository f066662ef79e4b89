import { type BacktestResult, createBacktest } from '../../evaluation/backtest.ts';
import { leadFeatures } from '../../lead/lead-features.ts';
import type { MailDomains } from '../../lead/mail-domains.ts';
import { cleanLead } from '../../lead/normalise-lead.ts';
import type { ReasonKind } from '../../scoring/assessment.ts';
import type { Ruleset } from '../../scoring/ruleset.ts';
import { scoreLead } from '../../scoring/score-lead.ts';
import { mapRow } from './map-row.ts';
import type { CsvFile } from './read-csv.ts';
import type { Mapping } from './read-mapping.ts';

/** Lines by problem; the first few by number. */
export interface LineProblems {
  count: number;
  problems: { problem: string; count: number; lines: number[] }[];
}

export interface BacktestRun {
  result: BacktestResult;
  /** Lines that were left out. */
  broken: LineProblems;
  /** Lines that were scored without what they say of a signal. */
  unread: LineProblems;
  /** Some of the outcomes that were read as "not converted", where none was read as "converted"; else none. */
  onlyOutcomes: string[];
}

const LINES_NAMED = 5;
const OUTCOMES_NAMED = 5;
const OUTCOME_LENGTH = 60;

export interface BacktestOptions {
  csv: CsvFile;
  mapping: Mapping;
  ruleset: Ruleset;
  mailDomains: MailDomains;
  /** The moment for files without a time column. */
  now: Date;
  /** Rows left out at the beginning of the file, broken ones counted. */
  skip: number;
  /** After each row. */
  onRow(rows: number): void;
}

/** Scores each row as of its own time, in the order of the file. Memory does not grow with the file. */
export async function runBacktest(options: BacktestOptions): Promise<BacktestRun> {
  const { csv, mapping, ruleset, mailDomains } = options;
  const broken = collectProblems();
  const unread = collectProblems();
  const notConverted = new Set<string>();
  const rules = [...ruleset.rules, ...ruleset.stops, ...ruleset.bounds];
  const backtest = createBacktest(rules.map(({ id }) => id));
  // A kind that the file says nothing of is unknown, whatever the live sources send.
  const inFile = mapping.signals.map(({ kind }) => kind);
  let rows = 0;
  for await (const row of csv.rows) {
    rows += 1;
    options.onRow(rows);
    if (rows <= options.skip) continue;
    const mapped = mapRow(mapping, row);
    if (!mapped.ok) {
      broken.add(row.line, mapped.problem);
      continue;
    }
    const now = mapped.time ?? options.now;
    const lead = cleanLead(mapped.lead, 'file', now, mailDomains);
    for (const { column } of mapped.unreadSignals) {
      unread.add(row.line, `column "${column}" holds no time that can be read`);
    }
    const unreadKinds = new Set(mapped.unreadSignals.map(({ kind }) => kind));
    const declared = inFile.filter((kind) => !unreadKinds.has(kind));
    const features = leadFeatures(lead, mapped.signals, declared, ruleset.fields);
    const { points, tier, disqualified, reasons } = scoreLead(ruleset, features, now);
    const of = (kinds: readonly ReasonKind[]) =>
      reasons.filter(({ kind }) => kinds.includes(kind)).map(({ ruleId }) => ruleId);
    const { converted, period, outcome } = mapped;
    if (!converted && notConverted.size < OUTCOMES_NAMED) {
      notConverted.add(outcome.slice(0, OUTCOME_LENGTH));
    }
    backtest.add({
      ...{ points, tier, converted, period },
      stopped: disqualified !== null,
      fired: of(['rule', 'tier']),
      unknown: of(['unknown']),
    });
  }
  const result = backtest.result();
  const onlyOutcomes = result.conversion.hits === 0 ? [...notConverted] : [];
  return { result, broken: broken.lines(), unread: unread.lines(), onlyOutcomes };
}

function collectProblems() {
  const problems = new Map<string, { problem: string; count: number; lines: number[] }>();
  return {
    add(line: number, problem: string): void {
      const known = problems.get(problem) ?? { problem, count: 0, lines: [] };
      problems.set(problem, known);
      known.count += 1;
      if (known.lines.length < LINES_NAMED) known.lines.push(line);
    },
    lines(): LineProblems {
      const all = [...problems.values()];
      return { count: all.reduce((sum, { count }) => sum + count, 0), problems: all };
    },
  };
}
