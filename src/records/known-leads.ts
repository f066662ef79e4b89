import { sql, type Transaction } from 'kysely';
import { mergeLead } from '../lead/identity.ts';
import type { Lead } from '../lead/lead.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { ownCrmId, stateAfter } from './crm-state.ts';
import { type LeadRecord, leadFromStored, storedLead } from './leads.ts';
import type { Identity } from './lock-identities.ts';

type Tx = Transaction<Database>;

interface Incoming {
  lead: Lead;
  identity: Identity;
  receivedAt: Date;
}

/** Leads that some new ones could be, locked. */
export interface KnownLeads {
  /** The same person: by the CRM's id, then by e-mail, then by the record's id at its source. */
  match(incoming: Incoming): LeadRecord | undefined;
  /** Merges what came in; returns the names of the fields that changed. */
  update(
    tx: Tx,
    known: LeadRecord,
    incoming: Incoming,
    companyId: string | null,
    now: Date,
  ): Promise<string[]>;
}

export async function findKnownLeads(tx: Tx, incoming: readonly Incoming[]): Promise<KnownLeads> {
  const leads = incoming.map(({ lead }) => lead);
  const crmIds = leads.flatMap((lead) => lead.crmId ?? []);
  const emailKeys = incoming.flatMap(({ identity }) => identity.emailKey ?? []);
  const found = await tx
    .selectFrom('leads')
    .selectAll()
    .where(
      'id',
      'in',
      sql<string>`(
        select id from leads where crm_id = any(${crmIds}::text[])
        union select id from leads where identity_key = any(${emailKeys}::text[])
        union select leads.id from leads join unnest(
          ${leads.map((lead) => lead.source)}::text[], ${leads.map((lead) => lead.externalId)}::text[]
        ) as record (source, external_id)
          on leads.source = record.source and leads.external_id = record.external_id
      )`,
    )
    .orderBy('id')
    .forUpdate()
    .execute();
  const byId = new Map(found.map((lead) => [lead.id, lead]));

  return {
    match({ lead, identity }) {
      const { crmId, source, externalId } = lead;
      const all = [...byId.values()];
      return (
        all.find((known) => crmId !== null && known.crm_id === crmId) ??
        all.find(
          (known) => identity.emailKey !== null && known.identity_key === identity.emailKey,
        ) ??
        all.find((known) => known.source === source && known.external_id === externalId)
      );
    },
    async update(tx, known, incoming, companyId, now) {
      const { emailKey } = incoming.identity;
      const isHeld = [...byId.values()].some((lead) => lead.identity_key === emailKey);
      const merged = mergeLead(leadFromStored(known.profile), incoming.lead, incoming.receivedAt);
      const changes = {
        crm_id: ownCrmId(known, incoming.lead),
        company_id: companyId ?? known.company_id,
        identity_key: isHeld ? known.identity_key : (emailKey ?? known.identity_key),
        ...stateAfter(known, incoming.lead, now),
        updated_at: now,
        score_due_at: now,
      };
      const profile = storedLead({ ...merged.lead, crmId: changes.crm_id });
      await tx
        .updateTable('leads')
        .set({ profile: JSON.stringify(profile), ...changes })
        .where('id', '=', known.id)
        .execute();
      await forgetWrites(tx, known, { ...known, ...changes });
      // A second one of the same batch merges into what the first one made of it.
      byId.set(known.id, { ...known, ...changes, profile });
      return merged.changed;
    },
  };
}

/**
 * What First Call wrote to another record is nothing to take back on this one; nor is a claim of somebody whose lead it
 * was before the person asked again.
 */
async function forgetWrites(tx: Tx, before: LeadRecord, after: LeadRecord): Promise<void> {
  const isOtherRecord = before.crm_id !== null && before.crm_id !== after.crm_id;
  const isTeamsAgain = before.accepted_by !== null && after.accepted_by === null;
  if (!isOtherRecord && !isTeamsAgain) return;
  await tx.deleteFrom('crm_writes').where('lead_id', '=', before.id).execute();
}
