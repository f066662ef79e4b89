import type { Kysely, Selectable, Transaction } from 'kysely';
import type { AssignmentsTable, Database } from '../platform/postgres/tables.ts';

type Tx = Transaction<Database>;
export type AssignmentRecord = Selectable<AssignmentsTable>;

/** In place of a person's id: the rules decided. */
export const BY_ROUTING = 'routing';

export interface NewAssignment {
  leadId: string;
  team: string;
  /** As routing.yml names it: a channel name or id. */
  channel: string;
  rep: string | null;
  routingRule: string;
  because: string;
  slaDueAt: Date | null;
  /** `BY_ROUTING`, or the Slack user id of the person who reassigned it. */
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

export async function assign(tx: Tx, assignment: NewAssignment, now: Date): Promise<void> {
  const ids = await insertAssignments(tx, [assignment], now);
  await tx
    .updateTable('leads')
    .set({ assignment_id: ids.get(assignment.leadId) ?? null, updated_at: now })
    .where('id', '=', assignment.leadId)
    .execute();
}

/** One for each lead, which does not know of it yet. Returns their ids by lead id. */
export async function insertAssignments(
  tx: Tx,
  assignments: readonly NewAssignment[],
  now: Date,
): Promise<Map<string, string>> {
  if (assignments.length === 0) return new Map();
  const rows = await tx
    .insertInto('assignments')
    .values(
      assignments.map((assignment) => ({
        lead_id: assignment.leadId,
        team: assignment.team,
        channel_id: assignment.channel,
        rep_user_id: assignment.rep,
        routing_rule: assignment.routingRule,
        because: assignment.because,
        sla_due_at: assignment.slaDueAt,
        assigned_at: now,
        assigned_by: assignment.by,
      })),
    )
    .returning(['id', 'lead_id'])
    .execute();
  return new Map(rows.map((row) => [row.lead_id, row.id]));
}

/** By id. */
export async function assignmentsByIds(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<Map<string, AssignmentRecord>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('assignments')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
