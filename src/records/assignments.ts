import { type Selectable, sql, type Transaction } from 'kysely';
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

export async function assign(tx: Tx, assignment: NewAssignment, now: Date): Promise<void> {
  await assignAll(tx, [assignment], now);
}

/** One assignment for each lead. */
export async function assignAll(
  tx: Tx,
  assignments: readonly NewAssignment[],
  now: Date,
): Promise<void> {
  if (assignments.length === 0) return;
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
  await sql`
    update leads set assignment_id = given.id, updated_at = ${now}
    from unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.lead_id)}::uuid[])
      as given (id, lead_id)
    where leads.id = given.lead_id
  `.execute(tx);
}

/** By id. */
export async function assignmentsByIds(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, AssignmentRecord>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('assignments')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
