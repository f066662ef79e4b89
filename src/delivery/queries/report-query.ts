import { type Kysely, sql } from 'kysely';
import { conservation } from '../../evaluation/conservation.ts';
import {
  type JudgedAssessment,
  overrideRate,
  overrideRateByRule,
  overrideRateByTier,
} from '../../evaluation/override-rates.ts';
import { MINIMUM_N } from '../../evaluation/proportion.ts';
import { quantile } from '../../evaluation/quantile.ts';
import { TEST_LEAD_SOURCE } from '../../lead/test-lead.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import type { ReasonKind } from '../../scoring/assessment.ts';
import type { ReportView } from '../views.ts';

type Db = Kysely<Database>;

export async function readReport(db: Db, from: Date, to: Date): Promise<ReportView> {
  const judged = await judgedAssessments(db, from, to);
  const latencies = await acceptLatencies(db, from, to);
  return {
    from,
    to,
    conservation: conservation(await countLeads(db, from, to)),
    decisions: await countDecisions(db, from, to),
    overrideRate: overrideRate(judged),
    overrideByTier: overrideRateByTier(judged),
    overrideByRule: overrideRateByRule(judged).map((rule) => ({
      ruleId: rule.ruleId,
      proportion: rule.overridden,
      blamed: rule.blamed,
    })),
    timeToAccept: {
      n: latencies.length,
      medianMs: quantile(latencies, 0.5),
      p90Ms: quantile(latencies, 0.9),
    },
    minimumN: MINIMUM_N,
  };
}

/**
 * One final decision for each assessment: the newest that was not undone. `kinds`: the lines by which a rule
 * counts as fired.
 */
export async function judgedAssessments(
  db: Db,
  from: Date,
  to: Date,
  kinds: readonly ReasonKind[] = ['rule'],
): Promise<JudgedAssessment[]> {
  const rows = await db
    .selectFrom('decisions')
    .innerJoin('assessments', 'assessments.id', 'decisions.assessment_id')
    .innerJoin('leads', 'leads.id', 'decisions.lead_id')
    .leftJoin('decisions as undo', 'undo.undoes', 'decisions.id')
    .distinctOn('decisions.assessment_id')
    .select([
      'decisions.assessment_id',
      'decisions.kind',
      'decisions.blamed_rules',
      'assessments.tier',
      firedIn(kinds).as('fired'),
    ])
    .where('leads.source', '<>', TEST_LEAD_SOURCE)
    .where('decisions.kind', 'in', ['accepted', 'overridden', 'disqualified'])
    .where('undo.id', 'is', null)
    .where('decisions.decided_at', '>=', from)
    .where('decisions.decided_at', '<', to)
    .orderBy('decisions.assessment_id')
    // Accepting and then overriding is an override: disagreement is the final word on the score.
    .orderBy(sql`decisions.kind = 'accepted'`)
    .orderBy('decisions.decided_at', 'desc')
    .execute();
  return rows.flatMap((row) =>
    row.assessment_id === null
      ? []
      : {
          assessmentId: row.assessment_id,
          tier: row.tier,
          overridden: row.kind !== 'accepted',
          firedRules: row.fired,
          blamedRules: row.blamed_rules,
        },
  );
}

/** Ids alone: whole assessments of many decisions would take longer to read than App Home may. */
function firedIn(kinds: readonly ReasonKind[]) {
  return sql<string[]>`array(select line ->> 'ruleId'
    from jsonb_array_elements(assessments.detail -> 'reasons') as line
    where line ->> 'kind' = any(${[...kinds]}))`;
}

async function acceptLatencies(db: Db, from: Date, to: Date): Promise<number[]> {
  const rows = await db
    .selectFrom('decisions')
    .innerJoin('leads', 'leads.id', 'decisions.lead_id')
    .leftJoin('decisions as undo', 'undo.undoes', 'decisions.id')
    .select('decisions.latency_ms')
    .where('leads.source', '<>', TEST_LEAD_SOURCE)
    .where('decisions.kind', '=', 'accepted')
    .where('undo.id', 'is', null)
    .where('decisions.latency_ms', 'is not', null)
    .where('decisions.decided_at', '>=', from)
    .where('decisions.decided_at', '<', to)
    .execute();
  return rows.flatMap((row) => row.latency_ms ?? []);
}

/** What was undone counts under "undone" alone, here as in the rates and times. */
async function countDecisions(db: Db, from: Date, to: Date): Promise<ReportView['decisions']> {
  const rows = await db
    .selectFrom('decisions')
    .innerJoin('leads', 'leads.id', 'decisions.lead_id')
    .leftJoin('decisions as undo', 'undo.undoes', 'decisions.id')
    .select(['decisions.kind', (eb) => eb.fn.countAll<number>().as('count')])
    .where('leads.source', '<>', TEST_LEAD_SOURCE)
    .where('undo.id', 'is', null)
    .where('decisions.decided_at', '>=', from)
    .where('decisions.decided_at', '<', to)
    .groupBy('decisions.kind')
    .execute();
  const count = (kind: string) => rows.find((row) => row.kind === kind)?.count ?? 0;
  return {
    accepted: count('accepted'),
    overridden: count('overridden'),
    disqualified: count('disqualified'),
    snoozed: count('snoozed'),
    reassigned: count('reassigned'),
    handedOver: count('handed_over'),
    undone: count('undone'),
  };
}

/**
 * Where the lead events received in [from, to) are now. Each part is counted from its own evidence:
 * merged from the inbox, delivered from Slack's confirmations (a lead that was closed or contacted in the CRM
 * before the board could show it needs none), held and in flight from the leads.
 */
async function countLeads(db: Db, from: Date, to: Date) {
  const result = await sql<{
    received: number;
    merged: number;
    delivered: number;
    held: number;
    in_flight: number;
    tests: number;
  }>`
    with all_events as (
      select inbound_events.source, inbound_events.id, inbound_events.state, inbound_events.result, inbound_events.lead_id
      from inbound_events
      where inbound_events.kind = 'lead'
        and inbound_events.received_at >= ${from} and inbound_events.received_at < ${to}
    ), events as (
      select * from all_events where source <> ${TEST_LEAD_SOURCE}
    ), created as (
      select leads.state,
        leads.state in ('closed', 'contacted')
          or exists (select 1 from deliveries where deliveries.lead_id = leads.id) as delivered
      from events join leads on leads.id = events.lead_id
      where events.state = 'processed' and events.result = 'created'
    )
    select
      (select count(*) from all_events)::int as received,
      (select count(*) from all_events where source = ${TEST_LEAD_SOURCE})::int as tests,
      (select count(*) from events where events.state = 'processed'
         and events.result in ('merged', 'dismissed'))::int as merged,
      (select count(*) from created where created.delivered)::int as delivered,
      (select count(*) from events where events.state = 'held')::int
        + (select count(*) from created where not created.delivered and created.state = 'held')::int as held,
      (select count(*) from events where events.state = 'received')::int
        + (select count(*) from created where not created.delivered and created.state <> 'held')::int as in_flight
  `.execute(db);
  const row = result.rows[0];
  return {
    received: row?.received ?? 0,
    merged: row?.merged ?? 0,
    delivered: row?.delivered ?? 0,
    held: row?.held ?? 0,
    inFlight: row?.in_flight ?? 0,
    tests: row?.tests ?? 0,
  };
}
