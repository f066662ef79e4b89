import { type Kysely, sql } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';

type Db = Kysely<Database>;

/** Open leads of these CRM owners are routed again: until now nobody knew whose they are in Slack. */
export async function rerouteLeadsOf(
  db: Db,
  crmUserIds: readonly string[],
  now: Date,
): Promise<void> {
  if (crmUserIds.length === 0) return;
  await sql`
    update leads set score_due_at = ${now}
    where state = 'open' and score_due_at is null
      and profile ->> 'ownerCrmId' = any(${[...crmUserIds]}::text[])
  `.execute(db);
}

/** Open leads that routing could give to nobody are routed again; what a person gave back stays with the team. */
export async function rerouteUnassigned(db: Db, now: Date): Promise<void> {
  await sql`
    update leads set score_due_at = ${now}
    from assignments
    where assignments.id = leads.assignment_id and assignments.rep_user_id is null
      and assignments.assigned_by = 'routing' and leads.state = 'open' and leads.score_due_at is null
  `.execute(db);
}
