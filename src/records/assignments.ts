import type { Selectable, Transaction } from 'kysely';
import type { AssignmentsTable, Database } from '../platform/postgres/tables.ts';

type Tx = Transaction<Database>;
export type AssignmentRecord = Selectable<AssignmentsTable>;

export interface NewAssignment {
  leadId: string;
  team: string;
  /** As routing.yml names it: a channel name or id. */
  channel: string;
  rep: string | null;
  routingRule: string;
  because: string;
  slaDueAt: Date | null;
  /** "routing", or the Slack user id of the person who reassigned it. */
  by: string;
}

export async function presentAssignment(
  tx: Tx,
  assignmentId: string | null,
): Promise<AssignmentRecord | null> {
  if (assignmentId === null) return null;
  const row = await tx
    .selectFrom('assignments')
    .selectAll()
    .where('id', '=', assignmentId)
    .executeTakeFirst();
  return row ?? null;
}

export async function assign(tx: Tx, assignment: NewAssignment, now: Date): Promise<string> {
  const row = await tx
    .insertInto('assignments')
    .values({
      lead_id: assignment.leadId,
      team: assignment.team,
      channel_id: assignment.channel,
      rep_user_id: assignment.rep,
      routing_rule: assignment.routingRule,
      because: assignment.because,
      sla_due_at: assignment.slaDueAt,
      assigned_at: now,
      assigned_by: assignment.by,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx
    .updateTable('leads')
    .set({ assignment_id: row.id, updated_at: now })
    .where('id', '=', assignment.leadId)
    .execute();
  return row.id;
}
