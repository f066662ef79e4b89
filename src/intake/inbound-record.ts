import { z } from 'zod';
import { squashName } from '../lead/squash-name.ts';

/**
 * What the inbox keeps of one item, as JSON text: enough to read the item again without its request.
 * - `json`: `data` is the item as sent, but for secrets
 * - `salesforce`: `data` is `{sobjectType, fields}` with the fields that we map
 */
export const InboundRecord = z.object({
  format: z.enum(['json', 'salesforce']),
  /** Type of the envelope, such as "lead.created". */
  type: z.string().nullable(),
  /** Time of the envelope, as sent. */
  timestamp: z.union([z.string(), z.number()]).nullable(),
  data: z.unknown(),
});
export type InboundRecord = z.infer<typeof InboundRecord>;

const SECRET_NAMES = new Set([
  'password',
  'passwd',
  'pwd',
  'secret',
  'clientsecret',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'apikey',
  'authorization',
  'cookie',
  'sessionid',
  'session',
  'creditcard',
  'cardnumber',
  'cvv',
  'cvc',
  'iban',
  'ssn',
]);
const REMOVED = '[removed]';

/** JSON text of a record, with the values of fields that are named like secrets left out. */
export function recordText(record: InboundRecord): string {
  return JSON.stringify({ ...record, data: withoutSecrets(record.data) });
}

/** Null when the text is not one of ours. */
export function readRecord(text: string): InboundRecord | null {
  try {
    return InboundRecord.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

// Recursion is bounded: parseJsonBody refuses deep nesting.
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET_NAMES.has(squashName(name)) ? REMOVED : withoutSecrets(inner),
    ]),
  );
}
