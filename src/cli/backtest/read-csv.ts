import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import type { CsvFormat } from './read-mapping.ts';

/** One record, or one line that cannot be split. `line` is where it begins in the file, from 1. */
export type CsvRow =
  | { line: number; cells: readonly string[] }
  | { line: number; cells: null; problem: string };

export interface CsvFile {
  columns: readonly string[];
  /** In the order of the file. */
  rows: AsyncIterable<CsvRow>;
  /** Bytes read so far. */
  bytesRead(): number;
}

/** Characters. A record beyond this is a quote that never closes: that line is broken, the rest goes on. */
const LONGEST_RECORD = 1_000_000;
/** A character of UTF-8 takes four bytes at most. */
const LONGEST_LINE = 4 * LONGEST_RECORD;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Streams a file with a header line.
 *
 * @throws when the file cannot be read, or has no header
 */
export async function openCsv(path: string, format: CsvFormat): Promise<CsvFile> {
  const source = createReadStream(path, { highWaterMark: 256 * 1024 });
  const rows = splitRows(asUtf8(source), format);
  const first = await rows.next();
  if (first.done === true || first.value.cells === null) {
    source.destroy();
    throw new Error(`${path} has no line of column names that can be read: is it CSV?`);
  }
  const columns = first.value.cells.map((name) => name.trim());
  return { columns, rows, bytesRead: () => source.bytesRead };
}

/** Excel's "Unicode text" is UTF-16, which its first two bytes tell. */
async function* asUtf8(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | null | undefined;
  for await (const block of blocks) {
    if (decoder === undefined) {
      decoder = block[0] === 0xff && block[1] === 0xfe ? new TextDecoder('utf-16le') : null;
    }
    yield decoder === null ? block : Buffer.from(decoder.decode(block, { stream: true }));
  }
}

async function* splitRows(
  blocks: AsyncIterable<Buffer>,
  format: CsvFormat,
): AsyncGenerator<CsvRow> {
  const splitter = createSplitter(format);
  for await (const block of blocks) {
    for (const row of splitter.take(block)) yield row;
  }
  for (const row of splitter.end()) yield row;
}

/**
 * Splits bytes that arrive in blocks. A broken record costs its first line alone: splitting begins anew at the line
 * after it, since nobody knows which of the quotes is the wrong one. What is held does not grow with the file.
 */
function createSplitter(format: CsvFormat) {
  let held: Buffer = Buffer.alloc(0);
  let lineEnd = LINE_FEED;
  /** Where `held` begins in the file. */
  let line = 1;
  let columns: number | null = null;
  let isInLongLine = false;

  function take(block: Buffer): CsvRow[] {
    held = held.length === 0 ? block : Buffer.concat([held, block]);
    if (columns === null) lineEnd = lineEndOf(held);
    if (isInLongLine) isInLongLine = !leaveOutLine();
    const rows = split(held.lastIndexOf(lineEnd) + 1, false);
    if (held.length > LONGEST_LINE) {
      if (!isInLongLine) rows.push({ line, cells: null, problem: TOO_LONG });
      isInLongLine = !leaveOutLine();
    }
    return rows;
  }

  function end(): CsvRow[] {
    return isInLongLine ? [] : split(held.length, true);
  }

  /** Takes what it can of the first `length` bytes, which end with a line. */
  function split(length: number, isEnd: boolean): CsvRow[] {
    const rows: CsvRow[] = [];
    const rest = held.subarray(length);
    held = held.subarray(0, length);
    while (held.length > 0) {
      const problem = splitUntilBroken(rows);
      // The quote may close in the next block.
      if (problem === null || (problem === QUOTE_LEFT_OPEN && !isEnd)) break;
      rows.push({ line, cells: null, problem });
      leaveOutLine();
    }
    held = held.length === 0 ? rest : Buffer.concat([held, rest]);
    return rows;
  }

  /** Leaves in `held` what begins with a broken record, and says what is wrong with it; null: nothing is left. */
  function splitUntilBroken(rows: CsvRow[]): string | null {
    let at = 0;
    const moveTo = (next: number) => {
      line += countOf(lineEnd, held, at, next);
      at = next;
    };
    try {
      parse(held, {
        ...format,
        record_delimiter: lineEnd === LINE_FEED ? ['\r\n', '\n'] : ['\r'],
        bom: true,
        skip_empty_lines: true,
        relax_column_count: true,
        max_record_size: LONGEST_RECORD,
        on_record(cells: string[], { bytes }) {
          moveTo(afterEmptyLines(held, at));
          columns ??= cells.length;
          if (cells.length !== columns) throw new BrokenRecord(WRONG_COUNT);
          rows.push({ line, cells });
          moveTo(bytes);
          return null;
        },
      });
      moveTo(held.length);
      return null;
    } catch (error) {
      moveTo(afterEmptyLines(held, at));
      if (error instanceof BrokenRecord) return error.message;
      if (error instanceof CsvError) return PROBLEMS[error.code] ?? 'it cannot be split into cells';
      throw error;
    } finally {
      held = held.subarray(at);
    }
  }

  /** False when its end is still to come. */
  function leaveOutLine(): boolean {
    const end = held.indexOf(lineEnd);
    held = held.subarray(end === -1 ? held.length : end + 1);
    if (end !== -1) line += 1;
    return end !== -1;
  }

  return { take, end };
}

/** What csv-parse itself takes for a record; the message is the problem. */
class BrokenRecord extends Error {}

/** A quote may have taken in the lines after it. */
const WRONG_COUNT = 'it has another number of cells than the header';
const TOO_LONG = 'it is too long: is a quote left open?';
const QUOTE_LEFT_OPEN = 'a quote is left open';
const PROBLEMS: Partial<Record<string, string>> = {
  CSV_MAX_RECORD_SIZE: TOO_LONG,
  CSV_QUOTE_NOT_CLOSED: QUOTE_LEFT_OPEN,
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands inside a cell without quotes',
};

/** Files of an old Mac end their lines with a carriage return alone. */
function lineEndOf(bytes: Buffer): number {
  const at = bytes.findIndex((byte) => byte === LINE_FEED || byte === CARRIAGE_RETURN);
  const next = bytes[at + 1];
  const isOldMac = bytes[at] === CARRIAGE_RETURN && next !== undefined && next !== LINE_FEED;
  return isOldMac ? CARRIAGE_RETURN : LINE_FEED;
}

function afterEmptyLines(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === LINE_FEED || bytes[at] === CARRIAGE_RETURN) at += 1;
  return at;
}

function countOf(byte: number, bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(byte, from); at !== -1 && at < to; at = bytes.indexOf(byte, at + 1)) {
    count += 1;
  }
  return count;
}
