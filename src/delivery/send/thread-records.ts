import { type Kysely, sql } from 'kysely';
import type { Database } from '../../platform/postgres/tables.ts';

/** As `thread_entries` names what the thread of a lead can tell. */
export const THREAD_ENTRY = {
  decision: (id: string) => `decision:${id}`,
  assessment: (id: string) => `assessment:${id}`,
  outcome: (id: string) => `outcome:${id}`,
  closed: (reason: string) => `closed:${reason}`,
} as const;

/** The thread tells each of these once. */
export async function recordTold(
  db: Kysely<Database>,
  leadId: string,
  entries: readonly string[],
  now: Date,
): Promise<void> {
  if (entries.length === 0) return;
  await db
    .insertInto('thread_entries')
    .values(entries.map((entry) => ({ lead_id: leadId, entry, told_at: now })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** What the lead's own message shows itself, since it is about to be posted: the thread tells what comes after. */
export async function recordShown(db: Kysely<Database>, leadId: string, now: Date): Promise<void> {
  await sql`
    insert into thread_entries (lead_id, entry, told_at)
    select ${leadId}::uuid, entry, ${now}::timestamptz from (
      select 'decision:' || id as entry from decisions where lead_id = ${leadId}
      union all select 'assessment:' || id from assessments where lead_id = ${leadId}
      union all select 'outcome:' || id from outcomes where lead_id = ${leadId}
      union all select 'closed:' || closed_reason from leads
        where id = ${leadId} and state = 'closed' and closed_reason is not null
    ) as shown
    on conflict do nothing
  `.execute(db);
}
