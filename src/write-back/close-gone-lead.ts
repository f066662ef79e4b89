import type { Transaction } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';
import { oweBoard, oweHotLeadRefresh } from '../records/effects.ts';
import type { GoneLead } from './outcome-of-write.ts';

/** The CRM's record was deleted or converted: nobody needs to call this lead any more. */
export async function closeGoneLead(trx: Transaction<Database>, gone: GoneLead): Promise<void> {
  const closed = await trx
    .updateTable('leads')
    .set({
      state: 'closed',
      closed_reason: `${gone.why}_in_crm`,
      held_reason: null,
      held_detail: null,
      score_due_at: null,
      updated_at: gone.now,
    })
    .where('id', '=', gone.leadId)
    .where('state', '<>', 'closed')
    .returning('assignment_id')
    .executeTakeFirst();
  if (!closed) return;
  await oweHotLeadRefresh(trx, gone.leadId, gone);
  if (closed.assignment_id === null) return;
  const assignment = await trx
    .selectFrom('assignments')
    .select('channel_id')
    .where('id', '=', closed.assignment_id)
    .executeTakeFirstOrThrow();
  await oweBoard(trx, assignment.channel_id, 'refresh', gone);
}
