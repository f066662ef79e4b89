import { squashName } from '../../lead/squash-name.ts';
import { CUSTOM_ROOT } from '../../scoring/features.ts';
import { type RuleFile, readRuleFile } from '../../scoring/read-rule-file.ts';
import { didYouMean, ProblemList, type RuleProblem } from '../../scoring/rule-problem.ts';
import type { Ruleset } from '../../scoring/ruleset.ts';
import { declaredSignals } from '../../scoring/ruleset.ts';
import type { Path } from '../../scoring/schema-issues.ts';
import { compileDerivedField, type ReadField } from './derived-field.ts';
import { CONVERTED, LEAD_FIELDS, MappingFile } from './mapping-file.ts';

export interface FieldReader {
  /** Name in the lead: `title`, or the squashed name of a field of the team's own. */
  name: string;
  isCustom: boolean;
  read: ReadField;
}

export interface SignalColumn {
  kind: string;
  /** Column by number, from 0. */
  at: number;
  column: string;
  /** Null: ISO 8601. */
  format: string | null;
}

/** A mapping that fits the file and the rules. */
export interface Mapping {
  missing: ReadonlySet<string>;
  /** Columns by number, from 0. */
  outcome: number;
  converted: ReadonlySet<string>;
  /** The mapping says itself which texts mean "converted". */
  namesConverted: boolean;
  /** Null: every other text that is not missing. */
  notConverted: ReadonlySet<string> | null;
  time: number | null;
  timeFormat: string | null;
  period: 'month' | 'quarter' | 'year';
  fields: readonly FieldReader[];
  signals: readonly SignalColumn[];
}

export interface MappingContext {
  columns: readonly string[];
  ruleset: Ruleset;
  outcome: string | undefined;
  time: string | undefined;
}

export interface CsvFormat {
  delimiter: string;
  quote: string;
}

/** How to split the file's lines: needed before its columns are known. */
export function readCsvFormat(file: string, text: string): CsvFormat | RuleProblem[] {
  const problems = new ProblemList();
  const parsed = readRuleFile(file, text, MappingFile, problems);
  if (parsed === null) return problems.sorted();
  return { delimiter: parsed.value.csv?.delimiter ?? ',', quote: parsed.value.csv?.quote ?? '"' };
}

/** Checks every name against the file's columns, the lead's fields and the rules. */
export function readMapping(
  file: string,
  text: string,
  context: MappingContext,
): Mapping | RuleProblem[] {
  const problems = new ProblemList();
  const parsed = readRuleFile(file, text, MappingFile, problems);
  if (parsed === null) return problems.sorted();
  const check = createChecks(file, parsed, context, problems);
  const { value } = parsed;
  const columnNumber = (name: string) => context.columns.indexOf(name);
  const outcomeColumn = context.outcome ?? value.outcome?.column;
  if (outcomeColumn === undefined) {
    const message = 'No column says what came of a lead';
    problems.add('error', file, { line: 1, column: 1 }, message, 'Give --outcome COLUMN.');
  } else check.column(outcomeColumn, ['outcome', 'column'], '--outcome');
  const timeColumn = context.time ?? value.time?.column ?? null;
  if (timeColumn !== null) check.column(timeColumn, ['time', 'column'], '--time');
  const fields = Object.entries(value.fields).flatMap(([name]) => check.field(name) ?? []);
  const signals = (value.signals ?? []).map(({ kind, at, format }, index) => {
    check.column(at, ['signals', index, 'at']);
    check.signal(kind, ['signals', index, 'kind']);
    return { kind, at: columnNumber(at), column: at, format: format ?? null };
  });
  if (problems.hasErrors || outcomeColumn === undefined) return problems.sorted();
  return {
    missing: lower(['', ...(value.missing ?? [])]),
    outcome: columnNumber(outcomeColumn),
    converted: lower(value.outcome?.converted ?? CONVERTED),
    namesConverted: value.outcome?.converted !== undefined,
    notConverted: value.outcome?.not_converted ? lower(value.outcome.not_converted) : null,
    time: timeColumn === null ? null : columnNumber(timeColumn),
    timeFormat: value.time?.format ?? null,
    period: value.time?.period ?? 'month',
    fields,
    signals,
  };
}

function createChecks(
  file: string,
  { value, locate, locateKey }: RuleFile<MappingFile>,
  { columns, ruleset }: MappingContext,
  problems: ProblemList,
) {
  const known = new Set(columns);
  const repeated = new Set(columns.filter((name, index) => columns.indexOf(name) !== index));

  function fail(path: Path, message: string, hint?: string): void {
    problems.add('error', file, locate(path)(), message, hint);
  }

  function column(name: string, path: Path, option?: string): boolean {
    if (repeated.has(name)) {
      fail(path, `The file has more than one column "${name}"`, 'Rename all but one in the file.');
      return false;
    }
    if (known.has(name)) return true;
    const from = option === undefined ? '' : ` (${option})`;
    const hint = didYouMean(name, columns) ?? `It has: ${columns.slice(0, 30).join(', ')}.`;
    fail(path, `The file has no column "${name}"${from}`, hint);
    return false;
  }

  function target(name: string): Pick<FieldReader, 'name' | 'isCustom'> | null {
    const path = ['fields', name];
    if (LEAD_FIELDS.includes(name)) return { name, isCustom: false };
    const own = name.startsWith(`${CUSTOM_ROOT}.`);
    if (own && Object.hasOwn(ruleset.fields, name)) {
      return { name: squashName(name.slice(CUSTOM_ROOT.length + 1)), isCustom: true };
    }
    const customNames = Object.keys(ruleset.fields).filter((field) => field.startsWith('custom.'));
    const hint = didYouMean(name, [...LEAD_FIELDS, ...customNames]);
    const declare = 'Declare it under "fields" in model.yml.';
    const known = hint ?? (own ? declare : knownFields(LEAD_FIELDS));
    problems.add('error', file, locateKey(path), `There is no field "${name}"`, known);
    return null;
  }

  function field(name: string): FieldReader | null {
    const into = target(name);
    const source = value.fields[name];
    if (into === null || source === undefined) return null;
    if (typeof source === 'object' && 'cel' in source) {
      const unclear = [...repeated].find((column) => readsColumn(source.cel, column));
      if (unclear !== undefined && !column(unclear, ['fields', name, 'cel'])) return null;
      try {
        return { ...into, read: compileDerivedField(source.cel, columns) };
      } catch (error) {
        fail(['fields', name, 'cel'], firstLine(error), 'It reads cells as row.column, all texts.');
        return null;
      }
    }
    const from = typeof source === 'string' ? source : source.column;
    if (!column(from, ['fields', name])) return null;
    const missing = lower(typeof source === 'string' ? [] : (source.missing ?? []));
    const index = columns.indexOf(from);
    if (missing.size === 0) return { ...into, read: (cells) => cells[index] };
    const isMissing = (cell = '') => missing.has(cell.toLowerCase());
    return { ...into, read: (cells) => (isMissing(cells[index]) ? undefined : cells[index]) };
  }

  function signal(kind: string, path: Path): void {
    const kinds = declaredSignals(ruleset);
    if (kinds.includes(kind)) return;
    const hint = didYouMean(kind, kinds) ?? 'Declare it under "signals" in model.yml.';
    fail(path, `No source is declared to send "${kind}"`, hint);
  }

  return { column, field, signal };
}

/** Whether an expression over `row` names a column. */
function readsColumn(cel: string, name: string): boolean {
  const words = [...cel.matchAll(/\brow\s*\.\s*(\w+)/g)].map(([, word]) => word);
  return words.includes(name) || cel.includes(`["${name}"]`) || cel.includes(`['${name}']`);
}

function knownFields(names: readonly string[]): string {
  return `Known: ${names.join(', ')}, and custom.<name> for your own.`;
}

function lower(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.map((text) => text.toLowerCase()));
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] ?? message;
}
