import { sql, type Transaction } from 'kysely';
import type { Lead } from '../lead/lead.ts';
import type { Database } from '../platform/postgres/tables.ts';
import type { CompanyNews } from './company-news.ts';
import { stateOnArrival, withOwnStatus } from './crm-state.ts';
import { findKnownLeads, type KnownLeads } from './known-leads.ts';
import { storedLead } from './leads.ts';
import { type Identity, identityNames } from './lock-identities.ts';
import { recordOutcomes } from './outcomes.ts';
import { attachWaitingSignals } from './signals.ts';

type Tx = Transaction<Database>;

/** A lead with what the inbox knows of the event that brought it. */
export interface ArrivedLead {
  lead: Lead;
  identity: Identity;
  eventId: string;
  source: string;
  traceId: string;
  receivedAt: Date;
  /** Bulk imports never ping. */
  quiet: boolean;
}

export interface Admitted {
  eventId: string;
  result: 'created' | 'merged';
  leadId: string;
}

export interface AdmitOptions {
  newShortId(): string;
  now: Date;
}

export interface AdmittedLeads {
  admitted: Admitted[];
  /** What they told of companies that other leads have too. */
  companies: CompanyNews[];
}

/**
 * New leads, or more touches of known ones; their identities are locked. Sets `score_due_at`, so scoring
 * follows even after a crash.
 */
export async function admitLeads(
  tx: Tx,
  arrived: readonly ArrivedLead[],
  options: AdmitOptions,
): Promise<AdmittedLeads> {
  const all: AdmittedLeads = { admitted: [], companies: [] };
  for (const round of roundsOf(arrived)) {
    const { admitted, companies } = await admitRound(tx, round, options);
    all.admitted.push(...admitted);
    all.companies.push(...companies);
  }
  return all;
}

/** Two of the same person are in different rounds, so that the second one finds the first. */
function roundsOf(arrived: readonly ArrivedLead[]): ArrivedLead[][] {
  const rounds: ArrivedLead[][] = [];
  let rest = [...arrived];
  while (rest.length > 0) {
    const taken = new Set<string>();
    const round: ArrivedLead[] = [];
    const later: ArrivedLead[] = [];
    for (const each of rest) {
      const names = identityNames(each.identity);
      const isFree = names.every((name) => !taken.has(name));
      (isFree ? round : later).push(each);
      for (const name of names) taken.add(name);
    }
    rounds.push(round);
    rest = later;
  }
  return rounds;
}

async function admitRound(
  tx: Tx,
  arrivals: readonly ArrivedLead[],
  options: AdmitOptions,
): Promise<AdmittedLeads> {
  const known = await findKnownLeads(tx, arrivals);
  const round = arrivals.map((arrived) => ({
    ...arrived,
    lead: withOwnStatus(arrived.lead, known.match(arrived)),
  }));
  const companies = await upsertCompanies(tx, round, options.now);
  const companyOf = ({ lead }: ArrivedLead) => companies.get(lead.companyDomain ?? '')?.id ?? null;
  const fresh = round.filter((each) => known.match(each) === undefined);
  const created = await insertLeads(tx, fresh, companyOf, options);
  const admitted: (Admitted & { arrived: ArrivedLead; changed: string[] })[] = [];
  for (const arrived of round) {
    const { eventId } = arrived;
    const leadId = created.get(eventId);
    if (leadId !== undefined) {
      admitted.push({ eventId, result: 'created', leadId, arrived, changed: [] });
      continue;
    }
    const merged = await mergeInto(tx, known, arrived, companyOf(arrived), options.now);
    admitted.push({ eventId, result: 'merged', ...merged, arrived });
  }
  await insertTouches(tx, admitted);
  await recordOutcomes(
    tx,
    admitted.map(({ leadId, arrived: { lead, source, traceId, receivedAt } }) => ({
      ...{ leadId, status: lead.status, source, traceId, receivedAt },
    })),
    options.now,
  );
  await attachWaitingSignals(
    tx,
    admitted.map(({ leadId, arrived }) => ({ leadId, identity: arrived.identity })),
  );
  return {
    admitted: admitted.map(({ eventId, result, leadId }) => ({ eventId, result, leadId })),
    companies: [...companies.values()].filter(
      ({ industry, employees, annualRevenue }) => industry || employees || annualRevenue,
    ),
  };
}

async function mergeInto(
  tx: Tx,
  known: KnownLeads,
  arrived: ArrivedLead,
  companyId: string | null,
  now: Date,
): Promise<{ leadId: string; changed: string[] }> {
  const lead = known.match(arrived);
  if (lead === undefined) throw new RangeError('neither created nor known');
  return { leadId: lead.id, changed: await known.update(tx, lead, arrived, companyId, now) };
}

/** By domain, with what is new of them. What a later lead leaves open, an earlier one's answer stands for. */
async function upsertCompanies(
  tx: Tx,
  round: readonly ArrivedLead[],
  now: Date,
): Promise<Map<string, CompanyNews>> {
  const byDomain = new Map<
    string,
    Pick<Lead, 'company' | 'industry' | 'employees' | 'annualRevenue'>
  >();
  for (const { lead } of round) {
    if (lead.companyDomain === null) continue;
    const before = byDomain.get(lead.companyDomain);
    byDomain.set(lead.companyDomain, {
      company: lead.company ?? before?.company ?? null,
      industry: lead.industry ?? before?.industry ?? null,
      employees: lead.employees ?? before?.employees ?? null,
      annualRevenue: lead.annualRevenue ?? before?.annualRevenue ?? null,
    });
  }
  if (byDomain.size === 0) return new Map();
  const rows = await tx
    .insertInto('companies')
    .values(
      [...byDomain]
        // The same order everywhere: two batches wait for each other instead of deadlocking.
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([domain, company]) => ({
          domain,
          name: company.company,
          industry: company.industry,
          employees: company.employees,
          annual_revenue: company.annualRevenue,
          updated_at: now,
        })),
    )
    .onConflict((conflict) =>
      conflict.column('domain').doUpdateSet((eb) => ({
        name: eb.fn.coalesce('excluded.name', 'companies.name'),
        industry: eb.fn.coalesce('excluded.industry', 'companies.industry'),
        employees: eb.fn.coalesce('excluded.employees', 'companies.employees'),
        annual_revenue: eb.fn.coalesce('excluded.annual_revenue', 'companies.annual_revenue'),
        updated_at: now,
      })),
    )
    .returning(['id', 'domain'])
    .returning([
      isNews('industry').as('industry'),
      isNews('employees').as('employees'),
      isNews('annual_revenue').as('annualRevenue'),
    ])
    .execute();
  return new Map(rows.map(({ domain, ...news }) => [domain, news]));
}

/** Of a company that was known before: of a new one there is no other lead. */
function isNews(column: 'industry' | 'employees' | 'annual_revenue') {
  const [before, after] = [sql.ref(`old.${column}`), sql.ref(`new.${column}`)];
  return sql<boolean>`old.id is not null and ${before} is distinct from ${after}`;
}

/** By event id. */
async function insertLeads(
  tx: Tx,
  fresh: readonly ArrivedLead[],
  companyOf: (arrived: ArrivedLead) => string | null,
  options: AdmitOptions,
): Promise<Map<string, string>> {
  if (fresh.length === 0) return new Map();
  const shortIds = await freeShortIds(tx, fresh.length, options.newShortId);
  const eventOf = new Map<string, string>();
  const rows = await tx
    .insertInto('leads')
    .values(
      fresh.map((arrived, index) => {
        const { lead, identity, eventId } = arrived;
        const shortId = shortIds[index] ?? '';
        eventOf.set(shortId, eventId);
        return {
          short_id: shortId,
          source: lead.source,
          external_id: lead.externalId,
          crm_id: lead.crmId,
          company_id: companyOf(arrived),
          identity_key: identity.emailKey,
          profile: JSON.stringify(storedLead(lead)),
          ...stateOnArrival(lead, options.now),
          received_at: arrived.receivedAt,
          updated_at: options.now,
          score_due_at: options.now,
          quiet: arrived.quiet,
          trace_id: arrived.traceId,
        };
      }),
    )
    .returning(['id', 'short_id'])
    .execute();
  return new Map(rows.map((row) => [eventOf.get(row.short_id) ?? '', row.id]));
}

async function freeShortIds(tx: Tx, count: number, newShortId: () => string): Promise<string[]> {
  const free = new Set<string>();
  for (let tries = 0; tries < 20 && free.size < count; tries += 1) {
    const drawn = new Set(Array.from({ length: count - free.size }, newShortId));
    const { rows } = await sql<{ short_id: string }>`
      select short_id from leads where short_id = any(${[...drawn]}::text[])
    `.execute(tx);
    for (const taken of rows) drawn.delete(taken.short_id);
    for (const shortId of drawn) free.add(shortId);
  }
  if (free.size < count) throw new Error('no free short id in 20 tries');
  return [...free];
}

async function insertTouches(
  tx: Tx,
  admitted: readonly { leadId: string; arrived: ArrivedLead; changed: string[] }[],
): Promise<void> {
  await tx
    .insertInto('lead_touches')
    .values(
      admitted.map(({ leadId, arrived, changed }) => ({
        lead_id: leadId,
        inbound_event_id: arrived.eventId,
        source: arrived.source,
        lead_source: arrived.lead.leadSource,
        campaign: arrived.lead.campaign,
        changed_fields: changed,
        occurred_at: arrived.lead.createdAt,
        received_at: arrived.receivedAt,
        record_key: arrived.identity.recordKey,
      })),
    )
    .execute();
}
