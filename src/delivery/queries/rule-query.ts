import { type Kysely, sql } from 'kysely';
import { overrideRateByRule } from '../../evaluation/override-rates.ts';
import { MINIMUM_N, proportion } from '../../evaluation/proportion.ts';
import { TEST_LEAD_SOURCE } from '../../lead/test-lead.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import type { RuleActivityView } from '../views.ts';
import { judgedAssessments } from './report-query.ts';

type Db = Kysely<Database>;

const DAYS = 90;
const DAY_MS = 86_400_000;
/** A rule that gives points, and one that sets or bounds the tier. */
const FIRED = ['rule', 'tier'] as const;

/** Where one rule counts now, and how often people disagreed where it did. */
export async function readRuleActivity(
  db: Db,
  ruleId: string,
  now: Date,
): Promise<RuleActivityView> {
  const from = new Date(now.getTime() - DAYS * DAY_MS);
  const judged = await judgedAssessments(db, from, now, FIRED);
  const own = overrideRateByRule(judged.filter((each) => each.firedRules.includes(ruleId)));
  const rates = own.find((each) => each.ruleId === ruleId);
  return {
    ...(await countNow(db, ruleId)),
    days: DAYS,
    overridden: rates?.overridden ?? proportion(0, 0),
    blamed: rates?.blamed ?? proportion(0, 0),
    minimumN: MINIMUM_N,
  };
}

async function countNow(
  db: Db,
  ruleId: string,
): Promise<Pick<RuleActivityView, 'openCount' | 'firesOn' | 'holds'>> {
  const lines = FIRED.map((kind) => JSON.stringify([{ kind, ruleId }]));
  const { rows } = await sql<{ openCount: number; firesOn: number; holds: number }>`
    select
      count(*) filter (where leads.state = 'open')::int as "openCount",
      count(*) filter (where leads.state = 'open'
        and assessments.detail -> 'reasons' @> any(${lines}::jsonb[]))::int as "firesOn",
      count(*) filter (where leads.state = 'held'
        and assessments.detail -> 'disqualified' ->> 'ruleId' = ${ruleId})::int as holds
    from leads join assessments on assessments.id = leads.assessment_id
    where leads.state in ('open', 'held') and leads.source <> ${TEST_LEAD_SOURCE}
  `.execute(db);
  return rows[0] ?? { openCount: 0, firesOn: 0, holds: 0 };
}
