import type { Selectable } from 'kysely';
import type { DecisionsTable } from '../platform/postgres/tables.ts';
import { type AssignmentRecord, assign, presentAssignment } from '../records/assignments.ts';
import type { Cause } from '../records/effects.ts';
import { LEAD_GIVEN, LEAD_TAKEN_BACK, oweLeadNoticeAgain } from '../records/lead-notices.ts';
import type { LeadRecord } from '../records/leads.ts';
import type { Tx } from './decision-records.ts';

/**
 * If the decision gave the lead to another rep, the one before has it again. Whoever was told of the decision, moved
 * or not, is told so by the same message, drawn anew.
 */
export async function undoMove(
  tx: Tx,
  lead: LeadRecord,
  target: Selectable<DecisionsTable>,
  cause: Cause,
): Promise<void> {
  const present = await presentAssignment(tx, lead.assignment_id);
  const isItsWork = present?.assigned_at.getTime() === target.decided_at.getTime();
  if (!present) return;
  const before = isItsWork ? await assignmentBefore(tx, present) : present;
  if (isItsWork && before) await restoreAssignment(tx, before, cause.now);
  const { id: decisionId, lead_id: leadId, decided_at: decidedAt } = target;
  const accepted = await acceptedBefore(tx, target);
  for (const [userId, noticeKind] of [
    [target.to_member, LEAD_GIVEN],
    [accepted ?? before?.rep_user_id ?? null, LEAD_TAKEN_BACK],
  ] as const) {
    if (userId === null) continue;
    await oweLeadNoticeAgain(tx, { userId, noticeKind, leadId, decisionId, decidedAt }, cause);
  }
}

async function assignmentBefore(
  tx: Tx,
  present: AssignmentRecord,
): Promise<AssignmentRecord | undefined> {
  return tx
    .selectFrom('assignments')
    .selectAll()
    .where('lead_id', '=', present.lead_id)
    .where('id', '<>', present.id)
    .orderBy('assigned_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** As a new row: what was assigned stays on record. */
async function restoreAssignment(tx: Tx, before: AssignmentRecord, now: Date): Promise<void> {
  await assign(
    tx,
    {
      leadId: before.lead_id,
      team: before.team,
      channel: before.channel_id,
      rep: before.rep_user_id,
      routingRule: before.routing_rule,
      because: before.because,
      slaDueAt: before.sla_due_at,
      by: before.assigned_by,
    },
    now,
  );
}

/** Who has it, now that the decision no longer counts. */
async function acceptedBefore(tx: Tx, { lead_id: leadId }: { lead_id: string }) {
  const lead = await tx
    .selectFrom('leads')
    .select('accepted_by')
    .where('id', '=', leadId)
    .executeTakeFirst();
  return lead?.accepted_by ?? null;
}
