import type { Kysely } from 'kysely';
import type { Database } from '../../platform/postgres/tables.ts';
import { rankedOpenLeads } from './board-query.ts';

/** Where a lead is on its board, from 1; null when it is not open or on no board. */
export async function readPlace(
  db: Kysely<Database>,
  leadId: string,
  now: Date,
): Promise<{ rank: number; of: number } | null> {
  const lead = await db
    .selectFrom('leads')
    .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
    .select('assignments.channel_id')
    .where('leads.id', '=', leadId)
    .where('leads.state', '=', 'open')
    .executeTakeFirst();
  if (!lead) return null;
  const ranked = await rankedOpenLeads(db, lead.channel_id, now);
  const index = ranked.findIndex(({ id }) => id === leadId);
  return index < 0 ? null : { rank: index + 1, of: ranked.length };
}
