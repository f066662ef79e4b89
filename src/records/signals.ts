import type { Transaction } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';

type Tx = Transaction<Database>;

export interface NewSignal {
  eventId: string;
  source: string;
  kind: string;
  identityKey: string | null;
  crmId: string | null;
  /** The lead's id at this same source. */
  externalId: string | null;
  occurredAt: Date;
  receivedAt: Date;
}

/** Attaches the signal to its lead, or leaves it waiting. Returns the lead that must be scored again. */
export async function recordSignal(tx: Tx, signal: NewSignal, now: Date): Promise<string | null> {
  const lead = await tx
    .selectFrom('leads')
    .select('id')
    .where((eb) =>
      eb.or([
        ...(signal.identityKey === null ? [] : [eb('identity_key', '=', signal.identityKey)]),
        ...(signal.crmId === null ? [] : [eb('crm_id', '=', signal.crmId)]),
        ...(signal.externalId === null
          ? []
          : [
              eb.and([eb('source', '=', signal.source), eb('external_id', '=', signal.externalId)]),
            ]),
      ]),
    )
    .forUpdate()
    .executeTakeFirst();
  await tx
    .insertInto('signals')
    .values({
      inbound_event_id: signal.eventId,
      source: signal.source,
      kind: signal.kind,
      identity_key: signal.identityKey,
      crm_id: signal.crmId,
      lead_id: lead?.id ?? null,
      occurred_at: signal.occurredAt,
      received_at: signal.receivedAt,
    })
    .execute();
  if (!lead) return null;
  await tx.updateTable('leads').set({ score_due_at: now }).where('id', '=', lead.id).execute();
  return lead.id;
}

export async function signalsOf(
  tx: Tx,
  leadId: string,
): Promise<{ kind: string; occurredAt: Date }[]> {
  const rows = await tx
    .selectFrom('signals')
    .select(['kind', 'occurred_at'])
    .where('lead_id', '=', leadId)
    .orderBy('occurred_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ kind: row.kind, occurredAt: row.occurred_at }));
}
