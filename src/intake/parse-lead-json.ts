import { type Held, held } from '../lead/held-reason.ts';
import type { CustomValue, CustomValues, IncomingLead } from '../lead/lead.ts';
import { CUSTOM_PREFIX, firstOf, flattenFields, LEAD_ALIASES } from './field-aliases.ts';
import type { InboundRecord } from './inbound-record.ts';
import { parseTime } from './parse-time.ts';
import { isFields } from './read-items.ts';

export type ReadLead = { ok: true; lead: IncomingLead } | Held;

type LeadField = keyof typeof LEAD_ALIASES;
const TEXT_FIELDS = (Object.keys(LEAD_ALIASES) as LeadField[]).filter(
  (field): field is TextField => !['externalId', 'optedOut', 'createdAt'].includes(field),
);
type TextField = Exclude<LeadField, 'externalId' | 'optedOut' | 'createdAt'>;

/**
 * Maps one item of a JSON webhook to our field names, whatever the sender calls them. Values stay as they
 * are: cleaning is normaliseLead's.
 *
 * @param fallbackId names the record when the item has no id of its own
 */
export function parseLeadJson(record: InboundRecord, fallbackId: string): ReadLead {
  if (!isLeadType(record.type)) {
    return held('unsupported-record', 'the type of the envelope is not a lead');
  }
  if (!isFields(record.data)) return held('not-a-lead', 'the item is not an object');
  return leadFromValues(flattenFields(record.data), fallbackId, record.timestamp);
}

// "lead.created" and "contact.updated" are leads, "invoice.paid" is not; without a type it is what it is.
function isLeadType(type: string | null): boolean {
  return (
    type === null || /^(\w{1,40}[._-])?(lead|contact|form|submission|person)s?(?![a-z])/i.test(type)
  );
}

/** @param values by names squashed as in LEAD_ALIASES */
export function leadFromValues(
  values: ReadonlyMap<string, unknown>,
  fallbackId: string,
  envelopeTime: unknown,
): ReadLead {
  if (values.size === 0) return held('not-a-lead', 'the item has no fields');
  const texts: Partial<Record<TextField, string>> = {};
  for (const field of TEXT_FIELDS) {
    const text = asText(firstOf(values, LEAD_ALIASES[field]));
    if (text === null) return held('field-of-wrong-kind', `${field} is neither text nor a number`);
    if (text !== undefined) texts[field] = text;
  }
  const optedOut = asBoolean(firstOf(values, LEAD_ALIASES.optedOut));
  if (optedOut === null) return held('field-of-wrong-kind', 'optedOut is neither true nor false');
  const id = asText(firstOf(values, LEAD_ALIASES.externalId));
  const createdAt = parseTime(firstOf(values, LEAD_ALIASES.createdAt) ?? envelopeTime);
  const { crmId, ...fields } = withFullName(texts, values);
  const custom = customValues(values);
  return {
    ok: true,
    lead: {
      externalId: isUsableId(id) ? id : fallbackId,
      ...fields,
      ...(crmId === undefined || crmId.trim().length > 18 ? {} : { crmId: crmId.trim() }),
      ...(optedOut === undefined ? {} : { optedOut }),
      ...(createdAt === null ? {} : { createdAt: createdAt.toISOString() }),
      ...(custom === null ? {} : { custom }),
    },
  };
}

/** Fields of the team's own: texts, numbers and yes or no; a list or an object is none. */
function customValues(values: ReadonlyMap<string, unknown>): CustomValues | null {
  const own = [...values].flatMap(([name, value]): [string, CustomValue][] => {
    if (!name.startsWith(CUSTOM_PREFIX) || !isCustomValue(value)) return [];
    return [[name.slice(CUSTOM_PREFIX.length), value]];
  });
  return own.length === 0 ? null : Object.fromEntries(own);
}

function isCustomValue(value: unknown): value is CustomValue {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function withFullName(
  texts: Partial<Record<TextField, string>>,
  values: ReadonlyMap<string, unknown>,
): Partial<Record<TextField, string>> {
  if (texts.firstName !== undefined || texts.lastName !== undefined) return texts;
  const name = firstOf(values, ['name', 'fullname', 'contactname', 'displayname']);
  if (typeof name !== 'string' || name.trim() === '') return texts;
  const words = name.slice(0, 400).trim().split(/\s+/);
  const lastName = words.at(-1) ?? '';
  const firstName = words.slice(0, -1).join(' ');
  return { ...texts, lastName, ...(firstName === '' ? {} : { firstName }) };
}

/** Undefined: nothing sent. Null: a list or an object, which no field of a lead is. */
function asText(value: unknown): string | undefined | null {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function asBoolean(value: unknown): boolean | undefined | null {
  if (value === undefined) return undefined;
  const text = String(asText(value)).trim().toLowerCase();
  if (['true', 'yes', 'y', '1', 'on'].includes(text)) return true;
  return ['false', 'no', 'n', '0', 'off'].includes(text) ? false : null;
}

// An id is compared and stored as it is: one with hidden characters or without end is none.
function isUsableId(id: string | undefined | null): id is string {
  return typeof id === 'string' && /^[^\p{C}\p{Z}](?:[^\p{C}]{0,253}[^\p{C}\p{Z}])?$/u.test(id);
}
