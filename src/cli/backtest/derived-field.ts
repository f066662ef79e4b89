import { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { MATCHES, parseCel } from '../../scoring/cel-environment.ts';

/** The cells of one row in the order of the columns; undefined is missing. */
export type Cells = readonly (string | undefined)[];

/** Undefined: missing, or not to be had from this row. */
export type ReadField = (cells: Cells) => string | number | boolean | undefined;

const environment = new Environment();
environment.registerVariable('row', 'map<string, string>');
environment.registerFunction(`string.${MATCHES}(string): bool`, (text: string, pattern: string) =>
  RE2JS.compile(pattern).matcher(text).find(),
);

/** Compiles an expression over `row`. Throws cel-js's error, whose message shows the place. */
export function compileDerivedField(source: string, columns: readonly string[]): ReadField {
  const evaluate = parseCel(environment, source);
  const checked = evaluate.check();
  if (!checked.valid) throw checked.error ?? new Error('The expression has no valid type.');
  return (cells) => {
    try {
      return plain(evaluate({ row: rowOf(columns, cells) }));
    } catch {
      // A row without the column, or with a text where a number is read: not known.
      return undefined;
    }
  };
}

/** What is missing has no key, so that reading it is an error. */
function rowOf(columns: readonly string[], cells: Cells): Record<string, string> {
  const row: Record<string, string> = Object.create(null);
  columns.forEach((name, index) => {
    const cell = cells[index];
    if (cell !== undefined) row[name] = cell;
  });
  return row;
}

function plain(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'bigint') return Number(value);
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
  return isPlain ? (value as string | number | boolean) : undefined;
}
