import { createReadStream } from 'node:fs';
import { type CsvError, parse } from 'csv-parse';
import type { CsvFormat } from './read-mapping.ts';

export interface CsvRow {
  /** In the file, from 1. */
  line: number;
  cells: readonly string[];
}

export interface CsvFile {
  columns: readonly string[];
  rows: AsyncIterable<CsvRow>;
  /** Bytes read so far. */
  bytesRead(): number;
}

/** A cell beyond this is a quote that never closes: that line is broken, the rest goes on. */
const LONGEST_RECORD = 1_000_000;

/**
 * Streams a file with a header line. Lines that cannot be split are told and left out.
 *
 * @throws when the file cannot be read, or has no header
 */
export async function openCsv(
  path: string,
  format: CsvFormat,
  onBroken: (line: number, problem: string) => void,
): Promise<CsvFile> {
  const source = createReadStream(path, { highWaterMark: 256 * 1024 });
  const parser = source.pipe(
    parse({
      ...format,
      bom: true,
      info: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      max_record_size: LONGEST_RECORD,
    }),
  );
  source.on('error', (error) => parser.destroy(error));
  parser.on('skip', (error: CsvError) => {
    const line = 'lines' in error && typeof error.lines === 'number' ? error.lines : 0;
    onBroken(line, SKIPPED[error.code] ?? 'it cannot be split into cells');
  });
  const records = parser[Symbol.asyncIterator]() as AsyncIterator<ParsedRecord>;
  const first = await records.next();
  if (first.done === true) {
    throw new Error(`${path} has no line of column names that can be read: is it CSV?`);
  }
  const columns = first.value.record.map((name) => name.trim());
  return { columns, rows: rowsOf(records), bytesRead: () => source.bytesRead };
}

interface ParsedRecord {
  record: string[];
  info: { lines: number };
}

const SKIPPED: Partial<Record<string, string>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'it has another number of cells than the header',
  CSV_MAX_RECORD_SIZE: 'it is too long: is a quote left open?',
  CSV_QUOTE_NOT_CLOSED: 'a quote is left open',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands inside a cell without quotes',
};

async function* rowsOf(records: AsyncIterator<ParsedRecord>): AsyncGenerator<CsvRow> {
  for (let next = await records.next(); next.done !== true; next = await records.next()) {
    yield { line: next.value.info.lines, cells: next.value.record };
  }
}
