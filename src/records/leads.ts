import { createHmac } from 'node:crypto';
import { type Selectable, sql, type Transaction } from 'kysely';
import { crmStage } from '../lead/crm-stage.ts';
import { mergeLead } from '../lead/identity.ts';
import type { Lead } from '../lead/lead.ts';
import type { Database, LeadsTable, StoredLead } from '../platform/postgres/tables.ts';

type Tx = Transaction<Database>;
export type LeadRecord = Selectable<LeadsTable>;

/** What the inbox knows of the event that brought a lead. */
export interface Arrival {
  eventId: string;
  source: string;
  traceId: string;
  receivedAt: Date;
  /** Bulk imports never ping. */
  quiet: boolean;
}

export interface Admitted {
  result: 'created' | 'merged';
  leadId: string;
}

/** Stands for a person outside of personal tables: the address, else the source's own id of the lead. */
export function identityKeyOf(
  person: { email: string | null; externalId?: string | null },
  source: string,
  pepper: string,
): string | null {
  const id = person.externalId ?? null;
  const text = person.email ?? (id === null ? null : externalName(source, id));
  return text === null ? null : createHmac('sha256', pepper).update(text).digest('hex');
}

function externalName(source: string, externalId: string): string {
  return `${source}/${externalId}`;
}

export function storedLead(lead: Lead): StoredLead {
  return { ...lead, createdAt: lead.createdAt.toISOString() };
}

export function leadFromStored(stored: StoredLead): Lead {
  return { ...stored, createdAt: new Date(stored.createdAt) };
}

/** A new lead, or one more touch of a known one. Sets `score_due_at`, so scoring follows even after a crash. */
export async function admitLead(
  tx: Tx,
  lead: Lead,
  arrival: Arrival,
  options: { pepper: string; newShortId: () => string; now: Date },
): Promise<Admitted> {
  const identityKey = identityKeyOf({ email: lead.email }, lead.source, options.pepper);
  await lockIdentity(tx, lead, identityKey);
  const known = await findSameLead(tx, lead, identityKey);
  const companyId = await upsertCompany(tx, lead, options.now);
  const admitted: Admitted = known
    ? { result: 'merged', leadId: known.id }
    : {
        result: 'created',
        leadId: await insertLead(tx, lead, arrival, { ...options, identityKey, companyId }),
      };
  const changed = known
    ? await updateKnownLead(tx, known, lead, { identityKey, companyId, now: options.now })
    : [];
  await tx
    .insertInto('lead_touches')
    .values({
      lead_id: admitted.leadId,
      inbound_event_id: arrival.eventId,
      source: arrival.source,
      lead_source: lead.leadSource,
      campaign: lead.campaign,
      changed_fields: changed,
      occurred_at: lead.createdAt,
      received_at: arrival.receivedAt,
    })
    .execute();
  const externalKey = identityKeyOf(
    { email: null, externalId: lead.externalId },
    lead.source,
    options.pepper,
  );
  const keys = [identityKey, externalKey].filter((key) => key !== null);
  await attachWaitingSignals(tx, admitted.leadId, keys, lead.crmId);
  return admitted;
}

/** Two events of one person at the same moment take turns, so that the second one merges. */
async function lockIdentity(tx: Tx, lead: Lead, identityKey: string | null): Promise<void> {
  const keys = [lead.crmId, identityKey, externalName(lead.source, lead.externalId)]
    .filter((key) => key !== null)
    .sort();
  for (const key of keys) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx);
  }
}

async function findSameLead(
  tx: Tx,
  lead: Lead,
  identityKey: string | null,
): Promise<LeadRecord | undefined> {
  const matches = await tx
    .selectFrom('leads')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([eb('source', '=', lead.source), eb('external_id', '=', lead.externalId)]),
        ...(lead.crmId === null ? [] : [eb('crm_id', '=', lead.crmId)]),
        ...(identityKey === null ? [] : [eb('identity_key', '=', identityKey)]),
      ]),
    )
    .forUpdate()
    .execute();
  return (
    matches.find((match) => lead.crmId !== null && match.crm_id === lead.crmId) ??
    matches.find((match) => identityKey !== null && match.identity_key === identityKey) ??
    matches[0]
  );
}

async function upsertCompany(tx: Tx, lead: Lead, now: Date): Promise<string | null> {
  if (lead.companyDomain === null) return null;
  const row = await tx
    .insertInto('companies')
    .values({
      domain: lead.companyDomain,
      name: lead.company,
      industry: lead.industry,
      employees: lead.employees,
      annual_revenue: lead.annualRevenue,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict.column('domain').doUpdateSet((eb) => ({
        name: eb.fn.coalesce('excluded.name', 'companies.name'),
        industry: eb.fn.coalesce('excluded.industry', 'companies.industry'),
        employees: eb.fn.coalesce('excluded.employees', 'companies.employees'),
        annual_revenue: eb.fn.coalesce('excluded.annual_revenue', 'companies.annual_revenue'),
        updated_at: now,
      })),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function insertLead(
  tx: Tx,
  lead: Lead,
  arrival: Arrival,
  extra: {
    newShortId: () => string;
    now: Date;
    identityKey: string | null;
    companyId: string | null;
  },
): Promise<string> {
  const row = await tx
    .insertInto('leads')
    .values({
      short_id: await freeShortId(tx, extra.newShortId),
      source: lead.source,
      external_id: lead.externalId,
      crm_id: lead.crmId,
      company_id: extra.companyId,
      identity_key: extra.identityKey,
      profile: JSON.stringify(storedLead(lead)),
      state: 'open',
      received_at: arrival.receivedAt,
      updated_at: extra.now,
      score_due_at: extra.now,
      quiet: arrival.quiet,
      trace_id: arrival.traceId,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function freeShortId(tx: Tx, newShortId: () => string): Promise<string> {
  for (let tries = 0; tries < 20; tries += 1) {
    const shortId = newShortId();
    const taken = await tx
      .selectFrom('leads')
      .select('id')
      .where('short_id', '=', shortId)
      .executeTakeFirst();
    if (!taken) return shortId;
  }
  throw new Error('no free short id in 20 tries');
}

async function updateKnownLead(
  tx: Tx,
  known: LeadRecord,
  incoming: Lead,
  extra: { identityKey: string | null; companyId: string | null; now: Date },
): Promise<string[]> {
  const merged = mergeLead(leadFromStored(known.profile), incoming);
  const identityHolder =
    extra.identityKey === null
      ? undefined
      : await tx
          .selectFrom('leads')
          .select('id')
          .where('identity_key', '=', extra.identityKey)
          .executeTakeFirst();
  await tx
    .updateTable('leads')
    .set({
      profile: JSON.stringify(storedLead(merged.lead)),
      crm_id: known.crm_id ?? incoming.crmId,
      company_id: extra.companyId ?? known.company_id,
      ...(identityHolder === undefined
        ? { identity_key: extra.identityKey ?? known.identity_key }
        : {}),
      ...stateFromCrm(known, incoming, extra.now),
      updated_at: extra.now,
      score_due_at: extra.now,
    })
    .where('id', '=', known.id)
    .execute();
  return merged.changed;
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
  if (stage === 'contacted' && known.state !== 'contacted') {
    return { state: 'contacted' as const, first_touch_at: known.first_touch_at ?? now };
  }
  return {};
}

async function attachWaitingSignals(
  tx: Tx,
  leadId: string,
  identityKeys: string[],
  crmId: string | null,
): Promise<void> {
  const attached = await tx
    .updateTable('signals')
    .set({ lead_id: leadId })
    .where('lead_id', 'is', null)
    .where((eb) =>
      eb.or([
        eb('identity_key', 'in', identityKeys),
        ...(crmId === null ? [] : [eb('crm_id', '=', crmId)]),
      ]),
    )
    .returning('inbound_event_id')
    .execute();
  if (attached.length === 0) return;
  await tx
    .updateTable('inbound_events')
    .set({ result: 'attached', lead_id: leadId })
    .where(
      'id',
      'in',
      attached.map((signal) => signal.inbound_event_id),
    )
    .execute();
}
