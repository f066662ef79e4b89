import type { Kysely } from 'kysely';
import type { Database } from '../../platform/postgres/tables.ts';

/**
 * Ids of the leads that wait for this person: routed to them, be it that somebody snoozed them, or accepted and not
 * contacted yet.
 */
export async function readUncalled(db: Kysely<Database>, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('leads')
    .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
    .select('leads.id')
    .where((eb) =>
      eb.or([
        eb.and([
          eb('leads.state', 'in', ['open', 'snoozed']),
          eb('assignments.rep_user_id', '=', userId),
        ]),
        eb.and([eb('leads.state', '=', 'accepted'), eb('leads.accepted_by', '=', userId)]),
      ]),
    )
    .orderBy('leads.received_at')
    .orderBy('leads.id')
    .execute();
  return rows.map((row) => row.id);
}
