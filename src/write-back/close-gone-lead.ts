import { sql, type Transaction } from 'kysely';
import { crmStage } from '../lead/crm-stage.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { oweBoard, oweCrm, oweHotLeadRefresh } from '../records/effects.ts';
import type { GoneLead } from './outcome-of-write.ts';

type Tx = Transaction<Database>;

/**
 * The CRM's record was deleted or converted: nobody needs to call this lead any more, unless another record of the
 * person is left. Has no effect when the lead has another record by now.
 */
export async function closeGoneLead(trx: Tx, gone: GoneLead): Promise<void> {
  if (gone.why === 'deleted' && (await takeOver(trx, gone))) return;
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
    .where('crm_id', 'is not distinct from', gone.crmId)
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

/** A merge in the CRM deletes one of two records; the message about the other one has often come before. */
async function takeOver(trx: Tx, gone: GoneLead): Promise<boolean> {
  const lead = await trx
    .selectFrom('leads')
    .select('profile')
    .where('id', '=', gone.leadId)
    .where('crm_id', 'is not distinct from', gone.crmId)
    .where('state', '<>', 'closed')
    .forUpdate()
    .executeTakeFirst();
  if (lead?.profile.duplicate === undefined) return false;
  const { duplicate, ...profile } = lead.profile;
  const { crmId } = duplicate;
  if (crmId === gone.crmId || crmStage(duplicate.status) === 'closed') return false;
  const taken = await trx
    .updateTable('leads')
    .set({ crm_id: crmId, profile: JSON.stringify({ ...profile, crmId }), updated_at: gone.now })
    .where('id', '=', gone.leadId)
    .where(sql<boolean>`not exists (select 1 from leads as other where other.crm_id = ${crmId})`)
    .returning('id')
    .executeTakeFirst();
  if (taken === undefined) return false;
  await trx.deleteFrom('crm_writes').where('lead_id', '=', gone.leadId).execute();
  await oweCrm(trx, gone.leadId, gone);
  return true;
}
