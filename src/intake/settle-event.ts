import type { Transaction } from 'kysely';
import type { Database, InboundEventsTable } from '../platform/postgres/tables.ts';
import { admitLead, identityKeyOf } from '../records/leads.ts';
import { recordSignal } from '../records/signals.ts';
import { tellHeld } from './tell-held.ts';
import type { Understood } from './understand-event.ts';

type Tx = Transaction<Database>;

export interface TakenEvent {
  id: string;
  kind: 'lead' | 'signal';
  source: string;
  dedupeKey: string;
  rawBody: string;
  receivedAt: Date;
  traceId: string;
  state: InboundEventsTable['state'];
  leadId: string | null;
}

export interface SettleOptions {
  pepper: string;
  newShortId(): string;
  now: Date;
}

/** The event, locked until this commit ends: a second job for it waits, and finds it settled. */
export async function takeEvent(tx: Tx, eventId: string): Promise<TakenEvent | null> {
  const row = await tx
    .selectFrom('inbound_events')
    .selectAll()
    .where('id', '=', eventId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    kind: row.kind,
    source: row.source,
    dedupeKey: row.dedupe_key,
    rawBody: row.raw_body,
    receivedAt: row.received_at,
    traceId: row.trace_id,
    state: row.state,
    leadId: row.lead_id,
  };
}

/** Records what the event turned out to be. Returns the lead that must be scored now, if there is one. */
export async function settleEvent(
  tx: Tx,
  event: TakenEvent,
  understood: Understood,
  options: SettleOptions,
): Promise<string | null> {
  if (understood.kind === 'held') {
    await holdEvent(tx, event, understood.reason, understood.detail, options.now);
    return null;
  }
  if (understood.kind === 'signal') {
    const { signal } = understood;
    const leadId = await recordSignal(
      tx,
      {
        eventId: event.id,
        source: event.source,
        kind: signal.kind,
        identityKey: identityKeyOf(signal.lead, event.source, options.pepper),
        externalId: signal.lead.externalId,
        crmId: signal.lead.crmId,
        occurredAt: signal.occurredAt,
        receivedAt: event.receivedAt,
      },
      options.now,
    );
    await markProcessed(
      tx,
      event.id,
      leadId === null ? 'waiting' : 'attached',
      leadId,
      options.now,
    );
    return leadId;
  }
  const arrival = {
    eventId: event.id,
    source: event.source,
    traceId: event.traceId,
    receivedAt: event.receivedAt,
    quiet: false,
  };
  const admitted = await admitLead(tx, understood.lead, arrival, options);
  await markProcessed(tx, event.id, admitted.result, admitted.leadId, options.now);
  return admitted.leadId;
}

async function markProcessed(
  tx: Tx,
  eventId: string,
  result: InboundEventsTable['result'],
  leadId: string | null,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('inbound_events')
    .set({
      state: 'processed',
      result,
      lead_id: leadId,
      processed_at: now,
      held_reason: null,
      held_detail: null,
    })
    .where('id', '=', eventId)
    .execute();
}

async function holdEvent(
  tx: Tx,
  event: Pick<TakenEvent, 'id' | 'traceId'>,
  reason: string,
  detail: string,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('inbound_events')
    .set({ state: 'held', held_reason: reason, held_detail: detail })
    .where('id', '=', event.id)
    .execute();
  await tellHeld(tx, event.id, reason, event.traceId, now);
}

/** Tries to process an event before it is held where people see it. */
const EVENT_ATTEMPTS = 5;

/** Counts a failed try; true when it was one too many and the event is now held. */
export async function recordEventFailure(tx: Tx, eventId: string, now: Date): Promise<boolean> {
  const event = await tx
    .updateTable('inbound_events')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', eventId)
    .where('state', '=', 'received')
    .returning(['attempts', 'trace_id'])
    .executeTakeFirst();
  if (!event || event.attempts < EVENT_ATTEMPTS) return false;
  const detail = `failed ${EVENT_ATTEMPTS} times; look for this event in the log`;
  await holdEvent(
    tx,
    { id: eventId, traceId: event.trace_id },
    'could-not-be-processed',
    detail,
    now,
  );
  return true;
}
