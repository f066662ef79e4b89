import { DateTime } from 'luxon';
import type { CustomValue, IncomingLead } from '../../lead/lead.ts';
import type { LeadSignal } from '../../lead/lead-features.ts';
import type { Cells } from './derived-field.ts';
import type { CsvRow } from './read-csv.ts';
import type { Mapping, SignalColumn } from './read-mapping.ts';

export interface MappedRow {
  ok: true;
  lead: IncomingLead;
  signals: LeadSignal[];
  /** Columns of signals that hold something else than a time: whether their kinds came is not known. */
  unreadSignals: SignalColumn[];
  /** As the file has it. */
  outcome: string;
  converted: boolean;
  /** Null without a time column. */
  time: Date | null;
  period: string | null;
}

export interface BrokenRow {
  ok: false;
  problem: string;
}

/** One row as a lead of its time. A row whose outcome or time cannot be read is broken; a field is missing. */
export function mapRow(mapping: Mapping, row: CsvRow): MappedRow | BrokenRow {
  if (row.cells === null) return broken(row.problem);
  const cells = row.cells.map((cell) => knownText(mapping, cell));
  const outcome = cells[mapping.outcome];
  if (outcome === undefined) return broken('it has no outcome');
  const converted = mapping.converted.has(outcome.toLowerCase());
  const { notConverted } = mapping;
  if (!converted && notConverted !== null && !notConverted.has(outcome.toLowerCase())) {
    return broken('its outcome is none that the mapping names');
  }
  const time = mapping.time === null ? null : readTime(cells[mapping.time], mapping.timeFormat);
  if (time === 'unreadable') return broken('its time cannot be read');
  return {
    ok: true,
    lead: leadOf(mapping, cells, row.line),
    ...readSignals(mapping.signals, cells),
    outcome,
    converted,
    time: time === null ? null : time.toJSDate(),
    period: time === null ? null : periodOf(time, mapping.period),
  };
}

/** An empty cell is a signal that never came. */
function readSignals(
  columns: Mapping['signals'],
  cells: Cells,
): Pick<MappedRow, 'signals' | 'unreadSignals'> {
  const signals: LeadSignal[] = [];
  const unreadSignals: SignalColumn[] = [];
  for (const column of columns) {
    const text = cells[column.at];
    if (text === undefined) continue;
    const occurredAt = readTime(text, column.format);
    if (occurredAt === 'unreadable') unreadSignals.push(column);
    else signals.push({ kind: column.kind, occurredAt: occurredAt.toJSDate() });
  }
  return { signals, unreadSignals };
}

function broken(problem: string): BrokenRow {
  return { ok: false, problem };
}

function knownText({ missing }: Mapping, cell: string): string | undefined {
  const text = cell.trim();
  return missing.has(text.toLowerCase()) ? undefined : text;
}

function leadOf(mapping: Mapping, cells: Cells, line: number): IncomingLead {
  const lead: Record<string, string | boolean> = {};
  const custom: Record<string, CustomValue> = {};
  for (const { name, isCustom, read } of mapping.fields) {
    const value = read(cells);
    if (value === undefined) continue;
    if (isCustom) custom[name] = value;
    else lead[name] = name === 'optedOut' ? isYes(value) : String(value);
  }
  return { ...lead, externalId: `line-${line}`, custom };
}

function isYes(value: CustomValue): boolean {
  return ['true', 'yes', 'y', '1'].includes(String(value).toLowerCase());
}

/** Without a format: ISO 8601. */
function readTime(text: string | undefined, format: string | null): DateTime | 'unreadable' {
  if (text === undefined) return 'unreadable';
  const zone = { zone: 'utc' };
  const time =
    format === null
      ? DateTime.fromISO(text.replace(' ', 'T'), zone)
      : DateTime.fromFormat(text, format, zone);
  return time.isValid ? time : 'unreadable';
}

function periodOf(time: DateTime, period: Mapping['period']): string {
  if (period === 'year') return time.toFormat('yyyy');
  return period === 'quarter' ? time.toFormat("yyyy-'Q'q") : time.toFormat('yyyy-MM');
}
