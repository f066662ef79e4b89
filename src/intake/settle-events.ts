import { sql, type Transaction } from 'kysely';
import { crmStage } from '../lead/crm-stage.ts';
import type { Lead } from '../lead/lead.ts';
import type { Database, InboundEventsTable } from '../platform/postgres/tables.ts';
import { admitLeads } from '../records/admit-leads.ts';
import type { CompanyNews } from '../records/company-news.ts';
import { type Cause, oweBoardsOfLeads, oweHotLeadRefreshes } from '../records/effects.ts';
import { identityKeyOf } from '../records/leads.ts';
import { type Identity, lockIdentities } from '../records/lock-identities.ts';
import { recordSignal } from '../records/signals.ts';
import type { IncomingSignal } from './parse-signal-json.ts';
import { kindsBeyondLimit, MOST_UNDECLARED_KINDS } from './signal-kinds.ts';
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
  /** Kinds of signals that the live rules declare. */
  declaredKinds(): Promise<readonly string[]>;
  now: Date;
}

/** The events, the oldest first, locked until this commit ends: a second job waits, and finds them settled. */
export async function takeEvents(tx: Tx, eventIds: readonly string[]): Promise<TakenEvent[]> {
  const rows = await tx
    .selectFrom('inbound_events')
    .selectAll()
    .where('id', 'in', [...eventIds])
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows
    .map((row) => ({
      id: row.id,
      kind: row.kind,
      source: row.source,
      dedupeKey: row.dedupe_key,
      rawBody: row.raw_body,
      receivedAt: row.received_at,
      traceId: row.trace_id,
      state: row.state,
      leadId: row.lead_id,
    }))
    .sort((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime());
}

export interface UnderstoodEvent {
  event: TakenEvent;
  understood: Understood;
}

const TOO_MANY_KINDS = `the source has sent ${MOST_UNDECLARED_KINDS} kinds that no rules declare`;

/** What became of an event that is no longer open. */
interface Settled {
  eventId: string;
  result: NonNullable<InboundEventsTable['result']>;
  leadId: string | null;
}

export interface EventNews {
  /** They must be scored now. */
  leadIds: string[];
  companies: CompanyNews[];
}

/** Records what the events turned out to be. */
export async function settleEvents(
  tx: Tx,
  events: readonly UnderstoodEvent[],
  options: SettleOptions,
): Promise<EventNews> {
  const leads = events.flatMap(({ event, understood }) =>
    understood.kind === 'lead'
      ? [
          {
            event,
            lead: understood.lead,
            identity: identityOf(understood.lead, understood.lead.source, options.pepper),
          },
        ]
      : [],
  );
  const allSignals = events.flatMap(({ event, understood }) =>
    understood.kind === 'signal'
      ? [
          {
            event,
            source: event.source,
            kind: understood.signal.kind,
            signal: understood.signal,
            identity: identityOf(understood.signal.lead, event.source, options.pepper),
          },
        ]
      : [],
  );
  const beyond = await kindsBeyondLimit(tx, allSignals, options.declaredKinds, options.now);
  const signals = allSignals.filter((each) => !beyond.has(each));
  await lockIdentities(
    tx,
    [...leads, ...signals].map(({ identity }) => identity),
  );
  const { admitted, companies } = await admitLeads(
    tx,
    leads.map(({ event, lead, identity }) => ({
      lead,
      identity,
      eventId: event.id,
      source: event.source,
      traceId: event.traceId,
      receivedAt: event.receivedAt,
      quiet: false,
    })),
    options,
  );
  const settled: Settled[] = [...admitted];
  // After the leads, so that a signal that came with its lead finds it.
  for (const { event, signal, identity } of signals) {
    const leadId = await recordSignal(
      tx,
      {
        eventId: event.id,
        source: event.source,
        kind: signal.kind,
        identity,
        externalId: signal.lead.externalId,
        occurredAt: signal.occurredAt,
        receivedAt: event.receivedAt,
      },
      options.now,
    );
    settled.push({ eventId: event.id, result: leadId === null ? 'waiting' : 'attached', leadId });
  }
  await markProcessed(tx, settled, options.now);
  for (const { event } of beyond) {
    await holdEvent(tx, event, 'signal-kind-one-too-many', TOO_MANY_KINDS, options.now);
  }
  for (const { event, understood } of events) {
    if (understood.kind !== 'held') continue;
    await holdEvent(tx, event, understood.reason, understood.detail, options.now);
  }
  await oweRedraws(tx, leads, settled, {
    traceId: leads[0]?.event.traceId ?? '',
    now: options.now,
  });
  return { leadIds: settled.flatMap(({ leadId }) => leadId ?? []), companies };
}

/** What boards and hot messages show of a lead as it came: a correction may leave the score as it is. */
const SHOWN_FIELDS = ['crmId', 'firstName', 'lastName', 'title', 'company', 'message'];

/** Shows known leads as they are now, where scoring may find nothing new: corrected, opened again, or moved by the CRM. */
async function oweRedraws(
  tx: Tx,
  leads: readonly { event: TakenEvent; lead: Lead }[],
  settled: readonly Settled[],
  cause: Cause,
): Promise<void> {
  const merged = settled.filter(({ result }) => result === 'merged');
  if (merged.length === 0) return;
  const { rows } = await sql<{ id: string; isOpen: boolean }>`
    select distinct leads.id, leads.state = 'open' as "isOpen"
    from lead_touches join leads on leads.id = lead_touches.lead_id
    where lead_touches.inbound_event_id = any(${merged.map(({ eventId }) => eventId)}::uuid[])
      and (lead_touches.changed_fields && ${SHOWN_FIELDS}::text[] or leads.opened_at = ${cause.now})
  `.execute(tx);
  const moved = movedLeads(leads, merged);
  const listed = rows.filter(({ isOpen }) => isOpen).map(({ id }) => id);
  await oweHotLeadRefreshes(tx, [...new Set([...moved, ...rows.map(({ id }) => id)])], cause);
  await oweBoardsOfLeads(tx, [...moved, ...listed], 'refresh', cause);
}

/** Leads that wait no longer, as their source says. */
function movedLeads(
  leads: readonly { event: TakenEvent; lead: Lead }[],
  merged: readonly Settled[],
): string[] {
  const moved = new Set(
    leads
      .filter(({ lead }) => ['contacted', 'closed'].includes(crmStage(lead.status) ?? ''))
      .map(({ event }) => event.id),
  );
  return merged.flatMap(({ eventId, leadId }) => (moved.has(eventId) ? (leadId ?? []) : []));
}

function identityOf(
  { email, externalId, crmId }: IncomingSignal['lead'],
  source: string,
  pepper: string,
): Identity {
  return {
    emailKey: identityKeyOf({ email }, source, pepper),
    recordKey: identityKeyOf({ email: null, externalId }, source, pepper),
    crmId,
  };
}

async function markProcessed(tx: Tx, settled: readonly Settled[], now: Date): Promise<void> {
  if (settled.length === 0) return;
  await sql`
    update inbound_events set state = 'processed', result = settled.result, lead_id = settled."leadId",
      processed_at = ${now}, held_reason = null, held_detail = null
    from jsonb_to_recordset(${JSON.stringify(settled)}::jsonb)
      as settled ("eventId" uuid, result text, "leadId" uuid)
    where inbound_events.id = settled."eventId"
  `.execute(tx);
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
