import { type Kysely, sql } from 'kysely';
import { MINIMUM_N, proportion } from '../../../evaluation/proportion.ts';
import { quantile } from '../../../evaluation/quantile.ts';
import { TEST_LEAD_SOURCE } from '../../../lead/test-lead.ts';
import type { Database } from '../../../platform/postgres/tables.ts';
import type { MyFigures } from '../../home/home-views.ts';

type Db = Kysely<Database>;

/** One person's figures of the `days` before `to`; what each means: docs/metrics.md. */
export async function readMyFigures(
  db: Db,
  userId: string,
  days: number,
  to: Date,
): Promise<MyFigures> {
  const from = new Date(to.getTime() - days * 86_400_000);
  const [accepts, overdue] = await Promise.all([
    acceptsOf(db, userId, from, to),
    overdueOf(db, userId, from, to),
  ]);
  const latencies = accepts.flatMap(({ latencyMs }) => latencyMs ?? []);
  const due = accepts.filter(({ inTime }) => inTime !== null);
  return {
    days,
    timeToAccept: { n: latencies.length, medianMs: quantile(latencies, 0.5) },
    slaMet: proportion(due.filter(({ inTime }) => inTime).length, due.length + overdue),
    minimumN: MINIMUM_N,
  };
}

/** Acceptances that stand; `inTime` is null for a lead that had no due time. */
async function acceptsOf(
  db: Db,
  userId: string,
  from: Date,
  to: Date,
): Promise<{ latencyMs: number | null; inTime: boolean | null }[]> {
  const { rows } = await sql<{ latencyMs: number | null; inTime: boolean | null }>`
    select decisions.latency_ms as "latencyMs", decisions.decided_at <= (
      select assignments.sla_due_at from assignments
      where assignments.lead_id = decisions.lead_id
        and assignments.assigned_at <= decisions.decided_at
      order by assignments.assigned_at desc, assignments.id desc limit 1) as "inTime"
    from decisions join leads on leads.id = decisions.lead_id
      left join decisions as undo on undo.undoes = decisions.id
    where leads.source <> ${TEST_LEAD_SOURCE} and decisions.actor = ${userId} and decisions.kind = 'accepted' and undo.id is null
      and decisions.decided_at >= ${from} and decisions.decided_at < ${to}
  `.execute(db);
  return rows;
}

/** Open leads of theirs whose time ran out in the period: not accepted in time, whatever comes. */
async function overdueOf(db: Db, userId: string, from: Date, to: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count
    from leads join assignments on assignments.id = leads.assignment_id
    where leads.state = 'open' and leads.source <> ${TEST_LEAD_SOURCE}
      and assignments.rep_user_id = ${userId}
      and assignments.sla_due_at >= ${from} and assignments.sla_due_at < ${to}
  `.execute(db);
  return rows[0]?.count ?? 0;
}
