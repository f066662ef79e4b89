import { sql, type Transaction } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';

type Tx = Transaction<Database>;

/** A company of which another lead told something new; which facts, as the stored profiles call them. */
export interface CompanyNews {
  id: string;
  industry: boolean;
  employees: boolean;
  annualRevenue: boolean;
}

/**
 * Makes due the scores of the other leads of these companies that wait and do not say it themselves. The last
 * thing in its commit: it waits for nobody, so that no two commits wait for each other. Returns those that
 * somebody else has locked, perhaps to score them by what was known before.
 */
export async function rescoreColleagues(
  tx: Tx,
  news: readonly CompanyNews[],
  now: Date,
): Promise<string[]> {
  if (news.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    with told as (
      select * from jsonb_to_recordset(${JSON.stringify(news)}::jsonb)
        as told (id uuid, industry boolean, employees boolean, "annualRevenue" boolean)
    ), concerned as (
      select leads.id from leads join told on told.id = leads.company_id
      where leads.state in ('open', 'held')
        and (leads.assessment_id is not null or leads.score_due_at is not null)
        and (told.industry and leads.profile ->> 'industry' is null
          or told.employees and leads.profile ->> 'employees' is null
          or told."annualRevenue" and leads.profile ->> 'annualRevenue' is null)
    ), free as (
      select id from leads where id in (select id from concerned) for update skip locked
    ), marked as (
      update leads set score_due_at = coalesce(leads.score_due_at, ${now})
      from free where leads.id = free.id returning leads.id
    )
    select id from concerned where id not in (select id from marked)
  `.execute(tx);
  return rows.map(({ id }) => id);
}

/** The same for those that were locked then: waits, and holds nothing meanwhile. */
export async function rescoreLater(tx: Tx, leadIds: readonly string[], now: Date): Promise<void> {
  await sql`
    with free as (
      select id from leads where id = any(${[...leadIds]}::uuid[]) and state in ('open', 'held')
      order by id for update
    )
    update leads set score_due_at = coalesce(leads.score_due_at, ${now})
    from free where leads.id = free.id
  `.execute(tx);
}
