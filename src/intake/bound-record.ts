import { type Held, held } from '../lead/held-reason.ts';
import { flattenFields, LEAD_ALIASES, SIGNAL_ALIASES } from './field-aliases.ts';
import { type InboundRecord, recordText } from './inbound-record.ts';
import { isFields } from './read-items.ts';

/** Characters of one stored item: well above the longest message of a lead, and any signal that says something. */
export const MOST_CHARACTERS = { lead: 128 * 1024, signal: 16 * 1024 } as const;
/** Characters of one value of an item that was too large. */
const LONGEST_VALUE = 8_000;

export interface BoundRecord {
  record: InboundRecord;
  /** What the inbox keeps. */
  text: string;
  held?: Held;
}

/**
 * An item as the inbox keeps it. One beyond all measure is cut to the fields that we read, and held: nobody
 * can fill the database with what no rule will ever look at.
 */
export function boundRecord(kind: 'lead' | 'signal', record: InboundRecord): BoundRecord {
  const text = recordText(record);
  const most = MOST_CHARACTERS[kind];
  if (text.length <= most) return { record, text };
  const known = kind === 'lead' ? LEAD_NAMES : SIGNAL_NAMES;
  const small = {
    ...record,
    timestamp: typeof record.timestamp === 'string' ? record.timestamp.slice(0, 40) : null,
    data: knownFields(record, known),
  };
  const detail = `the ${kind} has ${text.length} characters; at most ${most} are kept`;
  return { record: small, text: recordText(small), held: held('item-too-large', detail) };
}

const LEAD_NAMES = new Set<string>([
  ...Object.values(LEAD_ALIASES).flat(),
  ...['name', 'fullname', 'contactname', 'displayname'],
]);
const SIGNAL_NAMES = new Set<string>(Object.values(SIGNAL_ALIASES).flat());

function knownFields({ format, data }: InboundRecord, known: ReadonlySet<string>): unknown {
  if (!isFields(data)) return null;
  if (format === 'salesforce') {
    const pairs = Array.isArray(data.fields) ? data.fields : [];
    return {
      ...data,
      fields: pairs.map((pair) => (Array.isArray(pair) ? [pair[0], cut(pair[1])] : pair)),
    };
  }
  const values = [...flattenFields(data)].filter(([name]) => known.has(name));
  return Object.fromEntries(values.map(([name, value]) => [name, cut(value)]));
}

/** Texts to a length that still says something; lists and objects, which no field is, to nothing. */
function cut(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, LONGEST_VALUE);
  return typeof value === 'object' ? null : value;
}
