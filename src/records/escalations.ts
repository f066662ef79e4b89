import { type Kysely, sql, type Transaction } from 'kysely';
import { TEST_LEAD_SOURCE } from '../lead/test-lead.ts';
import { enqueueEffects, PRIORITY } from '../platform/outbox.ts';
import type { Database } from '../platform/postgres/tables.ts';
import type { Tier } from '../scoring/assessment.ts';
import type { EscalationStep } from '../scoring/escalation-left.ts';
import type { Cause } from './effects.ts';

type Tx = Transaction<Database>;

/** An open lead at which somebody may have to be told that nobody takes it. */
export interface EscalationCandidate {
  leadId: string;
  /** Null: it is routed nowhere, or never escalates (an import, a test lead). */
  assignmentId: string | null;
  team: string;
  channel: string;
  rep: string | null;
  tier: Tier;
  receivedAt: Date;
  slaDueAt: Date | null;
  assignedAt: Date;
  wokeAt: Date | null;
  taken: EscalationStep[];
}

/** The leads whose time to look has come, locked; another process looks at others. */
export async function takeEscalationCandidates(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<EscalationCandidate[]> {
  const { rows } = await sql<EscalationCandidate>`
    select leads.id as "leadId", assignments.id as "assignmentId", assignments.team,
      assignments.channel_id as channel, assignments.rep_user_id as rep,
      coalesce(leads.override_tier, assessments.tier) as tier, leads.received_at as "receivedAt",
      assignments.sla_due_at as "slaDueAt", assignments.assigned_at as "assignedAt",
      (select max(snooze.snoozed_until) from decisions as snooze
        where snooze.lead_id = leads.id and snooze.kind = 'snoozed' and snooze.snoozed_until <= ${now}
          and not exists (select 1 from decisions as undo where undo.undoes = snooze.id)) as "wokeAt",
      array(select step from escalations where assignment_id = assignments.id) as taken
    from leads
    left join assignments on assignments.id = leads.assignment_id
      and not leads.quiet and leads.source <> ${TEST_LEAD_SOURCE}
    left join assessments on assessments.id = leads.assessment_id
    where leads.state = 'open' and leads.escalate_at <= ${now}
    order by leads.escalate_at, leads.id
    limit ${limit}
    for update of leads skip locked
  `.execute(tx);
  return rows;
}

/** When the leads are looked at again; null: not before something about them changes. */
export async function setLookAgain(
  tx: Tx,
  looks: readonly { leadId: string; lookAt: Date | null }[],
): Promise<void> {
  if (looks.length === 0) return;
  await sql`
    update leads set escalate_at = look."lookAt"
    from jsonb_to_recordset(${JSON.stringify(looks)}::jsonb) as look ("leadId" uuid, "lookAt" timestamptz)
    where leads.id = look."leadId"
  `.execute(tx);
}

/** When somebody (or a channel) was last told; absent: not since `since`. */
export async function lastToldAt(
  tx: Tx,
  recipients: readonly string[],
  since: Date,
): Promise<Map<string, Date>> {
  if (recipients.length === 0) return new Map();
  const rows = await tx
    .selectFrom('escalations')
    .select((eb) => ['recipient', eb.fn.max('owed_at').as('at')])
    .where('recipient', 'in', [...recipients])
    .where('owed_at', '>', since)
    .groupBy('recipient')
    .execute();
  return new Map(rows.map(({ recipient, at }) => [recipient, at]));
}

export interface TakenStep {
  assignmentId: string;
  step: EscalationStep;
  /** Slack user id, or the channel as routing names it. */
  recipient: string;
}

/** One message for each recipient and step, whatever number of leads it is about. Each step is taken once. */
export async function oweEscalations(
  tx: Tx,
  steps: readonly TakenStep[],
  cause: Cause,
): Promise<void> {
  if (steps.length === 0) return;
  const batches = Map.groupBy(steps, ({ step, recipient }) => `${step}:${recipient}`);
  const effects = [...batches].flatMap(([name, batch]) => {
    const [first] = batch;
    return first === undefined
      ? []
      : { key: `escalation:${name}:${first.assignmentId}`, ...first, batch };
  });
  await tx
    .insertInto('escalations')
    .values(
      effects.flatMap(({ key, batch }) =>
        batch.map(({ assignmentId, step, recipient }) => ({
          ...{ assignment_id: assignmentId, step, recipient },
          ...{ effect_key: key, owed_at: cause.now },
        })),
      ),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await enqueueEffects(
    tx,
    effects.map(({ key, step, recipient }) => ({
      ...{ key, lane: 'slack', kind: 'slack.escalation', payload: { step, recipient } },
      ...{ dueAt: cause.now, priority: PRIORITY.hot, ...cause },
    })),
  );
}

/** The leads that an escalation is about and that still wait as they did. */
export async function readEscalation(
  db: Kysely<Database>,
  effectKey: string,
): Promise<{ leadIds: string[]; channel: string | null }> {
  const rows = await db
    .selectFrom('escalations')
    .innerJoin('leads', 'leads.assignment_id', 'escalations.assignment_id')
    .innerJoin('assignments', 'assignments.id', 'escalations.assignment_id')
    .select(['leads.id', 'assignments.channel_id'])
    .where('escalations.effect_key', '=', effectKey)
    .where('leads.state', '=', 'open')
    .orderBy('assignments.sla_due_at')
    .orderBy('leads.id')
    .execute();
  return { leadIds: rows.map(({ id }) => id), channel: rows[0]?.channel_id ?? null };
}
