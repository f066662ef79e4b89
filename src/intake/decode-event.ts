import { type Held, held } from '../lead/held-reason.ts';
import type { IncomingLead } from '../lead/lead.ts';
import { type InboundRecord, readRecord } from './inbound-record.ts';
import type { NewInboundEvent } from './inbox.ts';
import { parseLeadJson } from './parse-lead-json.ts';
import { parseOutboundRecord } from './parse-outbound-message.ts';
import { type IncomingSignal, parseSignalJson } from './parse-signal-json.ts';

export type DecodedEvent =
  | { ok: true; kind: 'lead'; lead: IncomingLead }
  | { ok: true; kind: 'signal'; signal: IncomingSignal }
  | Held;

type StoredPart = Pick<NewInboundEvent, 'kind' | 'dedupeKey' | 'rawBody' | 'receivedAt'>;

/** Reads an event back from what the inbox kept. The same text gives the same answer as at its receipt. */
export function decodeEvent(event: StoredPart): DecodedEvent {
  const record = readRecord(event.rawBody);
  if (record === null) return held('not-a-lead', 'the stored text is not one of our records');
  return decodeRecord(record, event);
}

export function decodeRecord(
  record: InboundRecord,
  event: Omit<StoredPart, 'rawBody'>,
): DecodedEvent {
  if (event.kind === 'signal') {
    const read = parseSignalJson(record, event.receivedAt);
    return read.ok ? { ok: true, kind: 'signal', signal: read.signal } : read;
  }
  const read =
    record.format === 'salesforce'
      ? parseOutboundRecord(record, event.dedupeKey)
      : parseLeadJson(record, event.dedupeKey);
  return read.ok ? { ok: true, kind: 'lead', lead: read.lead } : read;
}
