import { type Held, held } from '../lead/held-reason.ts';
import { parseEmailAddress } from '../lead/normalise-email.ts';
import { salesforceId } from '../lead/salesforce-id.ts';
import { firstOf, flattenFields, SIGNAL_ALIASES } from './field-aliases.ts';
import type { InboundRecord } from './inbound-record.ts';
import { parseTime } from './parse-time.ts';
import { isFields } from './read-items.ts';

/** Behaviour of somebody: what, when, and at least one way to find out whose. */
export interface IncomingSignal {
  /** The signal's own id at the source. */
  id: string | null;
  /** snake_case, for example "pricing_viewed". */
  kind: string;
  occurredAt: Date;
  lead: {
    /** Normalised as a lead's. */
    email: string | null;
    crmId: string | null;
    /** Id of the lead at the same source. */
    externalId: string | null;
  };
}

export type ReadSignal = { ok: true; signal: IncomingSignal } | Held;

const CLOCK_SLACK_MS = 5 * 60_000;

export function parseSignalJson(record: InboundRecord, receivedAt: Date): ReadSignal {
  if (!isFields(record.data)) return held('not-a-lead', 'the item is not an object');
  const values = flattenFields(record.data);
  const kind = signalKind(firstOf(values, SIGNAL_ALIASES.kind) ?? record.type);
  if (kind === null) return held('signal-without-kind', 'no usable kind');
  const occurredAt = readOccurredAt(values, record, receivedAt);
  if (occurredAt === null) return held('signal-time-out-of-range', 'no usable time');
  const email = textOf(values, SIGNAL_ALIASES.email);
  const crmId = textOf(values, SIGNAL_ALIASES.crmId);
  const lead = {
    email: email === null ? null : (parseEmailAddress(email)?.address ?? null),
    crmId: crmId === null ? null : salesforceId(crmId),
    externalId: textOf(values, SIGNAL_ALIASES.externalId),
  };
  if (lead.email === null && lead.crmId === null && lead.externalId === null) {
    return held('signal-without-lead', 'no usable e-mail, CRM id or id of the lead');
  }
  return { ok: true, signal: { id: textOf(values, SIGNAL_ALIASES.id), kind, occurredAt, lead } };
}

/** "Pricing Viewed", "pricing-viewed" and "signal.pricing_viewed" are one kind. */
function signalKind(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 200) return null;
  const kind = value
    .trim()
    .replace(/^signals?[.:/]/i, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[\s.\-:/]+/g, '_');
  return /^[a-z][a-z0-9_]{0,59}$/.test(kind) ? kind : null;
}

function readOccurredAt(
  values: ReadonlyMap<string, unknown>,
  record: InboundRecord,
  receivedAt: Date,
): Date | null {
  const sent = firstOf(values, SIGNAL_ALIASES.occurredAt) ?? record.timestamp;
  if (sent === null || sent === undefined) return receivedAt;
  const occurredAt = parseTime(sent);
  if (occurredAt === null) return null;
  const ahead = occurredAt.getTime() - receivedAt.getTime();
  if (ahead > CLOCK_SLACK_MS) return null;
  return ahead > 0 ? receivedAt : occurredAt;
}

function textOf(values: ReadonlyMap<string, unknown>, aliases: readonly string[]): string | null {
  const value = firstOf(values, aliases);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return /^[^\p{C}]{1,255}$/u.test(text) ? text : null;
}
