import { sql, type Transaction } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';
import { type Identity, identityNames } from './lock-identities.ts';

type Tx = Transaction<Database>;

export interface NewSignal {
  eventId: string;
  source: string;
  kind: string;
  identity: Identity;
  /** The lead's id at this same source. */
  externalId: string | null;
  occurredAt: Date;
  receivedAt: Date;
}

/** Attaches the signal to its lead, or leaves it waiting. Returns the lead that must be scored again. */
export async function recordSignal(tx: Tx, signal: NewSignal, now: Date): Promise<string | null> {
  const { emailKey, recordKey, crmId } = signal.identity;
  const leadId = await findLead(tx, signal);
  await tx
    .insertInto('signals')
    .values({
      inbound_event_id: signal.eventId,
      source: signal.source,
      kind: signal.kind,
      // The version before looks for a record under the first of them alone.
      identity_key: emailKey ?? recordKey,
      record_key: recordKey,
      crm_id: crmId,
      lead_id: leadId,
      occurred_at: signal.occurredAt,
      received_at: signal.receivedAt,
    })
    .execute();
  if (leadId === null) return null;
  await tx.updateTable('leads').set({ score_due_at: now }).where('id', '=', leadId).execute();
  return leadId;
}

/** By the CRM's id, then by e-mail, then by whom the record was last merged into; locked. */
async function findLead(tx: Tx, { source, externalId, identity }: NewSignal) {
  const { emailKey, recordKey, crmId } = identity;
  const { rows } = await sql<{ id: string }>`
    select leads.id from (
      select id, 1 as rank from leads where crm_id = ${crmId}::text
      union all select id, 2 from leads where identity_key = ${emailKey}::text
      union all (
        select lead_id, 3 from lead_touches where record_key = ${recordKey}::text order by id desc limit 1
      )
      union all select id, 4 from leads where source = ${source} and external_id = ${externalId}::text
    ) as found join leads on leads.id = found.id
    order by found.rank limit 1
    for update of leads
  `.execute(tx);
  return rows[0]?.id ?? null;
}

/** By lead id, the oldest first. */
export async function signalsOf(
  tx: Tx,
  leadIds: readonly string[],
): Promise<Map<string, { kind: string; occurredAt: Date }[]>> {
  const rows = await tx
    .selectFrom('signals')
    .select(['lead_id', 'kind', 'occurred_at'])
    .where('lead_id', 'in', [...leadIds])
    .orderBy('occurred_at')
    .orderBy('id')
    .execute();
  const byLead = new Map<string, { kind: string; occurredAt: Date }[]>();
  for (const row of rows) {
    const signal = { kind: row.kind, occurredAt: row.occurred_at };
    const leadId = row.lead_id ?? '';
    byLead.set(leadId, [...(byLead.get(leadId) ?? []), signal]);
  }
  return byLead;
}

/** Signals that came before their lead. */
export async function attachWaitingSignals(
  tx: Tx,
  leads: readonly { leadId: string; identity: Identity }[],
): Promise<void> {
  const names = leads.flatMap(({ leadId, identity }) =>
    identityNames(identity).map((name) => ({ name, leadId })),
  );
  const attached = await sql<{ inbound_event_id: string; lead_id: string }>`
    update signals set lead_id = person.lead_id
    from unnest(${names.map((each) => each.name)}::text[], ${names.map((each) => each.leadId)}::uuid[])
      as person (name, lead_id)
    where signals.lead_id is null
      and (signals.identity_key = person.name or signals.record_key = person.name
        or signals.crm_id = person.name)
    returning signals.inbound_event_id, signals.lead_id
  `.execute(tx);
  for (const signal of attached.rows) {
    await tx
      .updateTable('inbound_events')
      .set({ result: 'attached', lead_id: signal.lead_id })
      .where('id', '=', signal.inbound_event_id)
      .execute();
  }
}
