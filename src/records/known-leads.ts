import { sql, type Transaction } from 'kysely';
import { crmStage } from '../lead/crm-stage.ts';
import { mergeLead } from '../lead/identity.ts';
import type { Lead } from '../lead/lead.ts';
import type { Database } from '../platform/postgres/tables.ts';
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
        crm_id: known.crm_id ?? incoming.lead.crmId,
        company_id: companyId ?? known.company_id,
        identity_key: isHeld ? known.identity_key : (emailKey ?? known.identity_key),
        ...stateFromCrm(known, incoming.lead, now),
        updated_at: now,
        score_due_at: now,
      };
      const profile = storedLead(merged.lead);
      await tx
        .updateTable('leads')
        .set({ profile: JSON.stringify(profile), ...changes })
        .where('id', '=', known.id)
        .execute();
      // A second one of the same batch merges into what the first one made of it.
      byId.set(known.id, { ...known, ...changes, profile });
      return merged.changed;
    },
  };
}

/** Work done in the CRM moves a lead too; a lead that aged out and asks again is open again. */
function stateFromCrm(known: LeadRecord, incoming: Lead, now: Date) {
  if (known.state === 'closed') {
    const asksAgain = incoming.crmId === null && known.closed_reason === 'aged_out';
    return asksAgain ? { state: 'open' as const, closed_reason: null } : {};
  }
  if (known.state === 'held') return {};
  const stage = crmStage(incoming.status);
  if (stage === 'closed') return { state: 'closed' as const, closed_reason: 'closed_in_crm' };
  // What the CRM told before is no news: a lead that was handed over since waits for its new rep.
  const isNews = known.first_touch_at === null || crmStage(known.profile.status) !== 'contacted';
  if (stage === 'contacted' && known.state !== 'contacted' && isNews) {
    return { state: 'contacted' as const, first_touch_at: known.first_touch_at ?? now };
  }
  return {};
}
