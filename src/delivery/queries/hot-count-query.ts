import { type Kysely, sql } from 'kysely';
import type { Database } from '../../platform/postgres/tables.ts';

/**
 * How many hot leads of the same channels came in the ten minutes up to the newest of these, with a message of
 * their own or in a summary.
 *
 * @param leadIds leads that are owed a hot message
 */
export async function countHotWith(
  db: Kysely<Database>,
  leadIds: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with listed as (
      select outbox.created_at, assignments.channel_id
      from outbox
      join leads on leads.id = (outbox.payload ->> 'leadId')::uuid
      join assignments on assignments.id = leads.assignment_id
      where outbox.key = any(${leadIds.map((leadId) => `hot:${leadId}`)})
    ), newest as (select max(created_at) as at from listed)
    select count(*)::int as count
    from newest, outbox
    join leads on leads.id = (outbox.payload ->> 'leadId')::uuid
    join assignments on assignments.id = leads.assignment_id
    where outbox.kind = 'slack.hot'
      and outbox.created_at > newest.at - interval '10 minutes' and outbox.created_at <= newest.at
      and assignments.channel_id in (select channel_id from listed)
  `.execute(db);
  return rows[0]?.count ?? 0;
}
