import type { Held } from '../lead/held-reason.ts';
import { boundRecord } from './bound-record.ts';
import { decodeRecord } from './decode-event.ts';
import type { InboundRecord } from './inbound-record.ts';
import type { NewInboundEvent } from './inbox.ts';
import type { IntakeProblem } from './intake-problem.ts';

export type ReadRequest = { ok: true; events: NewInboundEvent[] } | IntakeProblem;

/** What all events of one request have in common. */
export type Received = Pick<NewInboundEvent, 'kind' | 'source' | 'receivedAt' | 'traceId'>;

export interface FoundItem {
  dedupeKey: string;
  record: InboundRecord;
  held?: Held | undefined;
}

/** The items of a request as the inbox keeps them, each key once. */
export function eventsOf(received: Received, items: readonly FoundItem[]): NewInboundEvent[] {
  const events = new Map<string, NewInboundEvent>();
  for (const item of items) {
    if (!events.has(item.dedupeKey)) events.set(item.dedupeKey, eventOf(received, item));
  }
  return [...events.values()];
}

function eventOf({ kind, source, receivedAt, traceId }: Received, item: FoundItem) {
  const { dedupeKey } = item;
  const { record, text: rawBody, held } = boundRecord(kind, item.record);
  const event = { kind, source, dedupeKey, rawBody, receivedAt, traceId };
  const decoded = decodeRecord(record, event);
  const why = decoded.ok ? (held ?? item.held) : decoded;
  return why === undefined ? event : { ...event, held: { reason: why.reason, detail: why.detail } };
}
