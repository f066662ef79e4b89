import { type Kysely, sql } from 'kysely';
import { dayBounds } from '../../../evaluation/day-bounds.ts';
import { TEST_LEAD_SOURCE } from '../../../lead/test-lead.ts';
import type { Database } from '../../../platform/postgres/tables.ts';
import { TIERS, type Tier } from '../../../scoring/assessment.ts';
import type { TeamSource } from '../../../scoring/rule-files.ts';
import type { TeamToday } from '../../home/home-views.ts';

type Db = Kysely<Database>;

/** Each team's day on its own clock, and what waits there now. What counts as what: docs/metrics.md. */
export async function readTeamsToday(
  db: Db,
  teams: readonly TeamSource[],
  now: Date,
): Promise<TeamToday[]> {
  if (teams.length === 0) return [];
  const days = teams.map((team) => ({
    team: team.id,
    ...dayBounds(now, team.hours.time_zone),
  }));
  const [counts, open] = await Promise.all([
    countDays(db, days),
    countOpen(
      db,
      teams.map(({ id }) => id),
      now,
    ),
  ]);
  return teams.map((team) => {
    const day = counts.get(team.id);
    const tiers = open.filter((row) => row.team === team.id);
    const oldest = tiers.map(({ oldestAt }) => oldestAt.getTime());
    return {
      id: team.id,
      name: team.label ?? team.id,
      yesterday: day?.yesterday ?? NOTHING,
      today: day?.today ?? NOTHING,
      open: TIERS.flatMap((tier) => tiers.find((row) => row.tier === tier) ?? []).map(
        ({ tier, count }) => ({ tier, count }),
      ),
      overdue: tiers.reduce((sum, row) => sum + row.overdue, 0),
      oldestAt: oldest.length === 0 ? null : new Date(Math.min(...oldest)),
    };
  });
}

const NOTHING = { received: 0, accepted: 0, held: 0 };

interface OpenRow {
  team: string;
  tier: Tier;
  count: number;
  overdue: number;
  oldestAt: Date;
}

async function countOpen(db: Db, teams: readonly string[], now: Date): Promise<OpenRow[]> {
  const { rows } = await sql<OpenRow>`
    select assignments.team, coalesce(leads.override_tier, assessments.tier) as tier,
      count(*)::int as count, min(leads.received_at) as "oldestAt",
      (count(*) filter (where assignments.sla_due_at < ${now}))::int as overdue
    from leads join assignments on assignments.id = leads.assignment_id
      join assessments on assessments.id = leads.assessment_id
    where leads.state = 'open' and leads.source <> ${TEST_LEAD_SOURCE}
      and assignments.team = any(${[...teams]})
    group by 1, 2
  `.execute(db);
  return rows;
}

interface Day {
  team: string;
  yesterday: Date;
  today: Date;
}
type Counted = Record<'yesterday' | 'today', typeof NOTHING>;

/** One pass over two days of assignments and of decisions, and over what is held now. */
async function countDays(db: Db, days: readonly Day[]): Promise<Map<string, Counted>> {
  const from = new Date(Math.min(...days.map(({ yesterday }) => yesterday.getTime())));
  const { rows } = await sql<{ team: string; isToday: boolean } & typeof NOTHING>`
    with day as (
      select * from jsonb_to_recordset(${JSON.stringify(days)}::jsonb)
        as day (team text, yesterday timestamptz, today timestamptz)
    ), happened as (
      select assignments.team, leads.source, assignments.assigned_at as at, 'received' as what
      from assignments join leads on leads.id = assignments.lead_id
      where assignments.team in (select team from day) and assignments.assigned_at >= ${from}
        and not exists (select 1 from assignments as before
          where before.lead_id = assignments.lead_id and before.team = assignments.team
            and (before.assigned_at, before.id) < (assignments.assigned_at, assignments.id))
      union all
      select team.name, leads.source, decisions.decided_at, 'accepted'
      from decisions join leads on leads.id = decisions.lead_id
        left join decisions as undo on undo.undoes = decisions.id
      join lateral (
        select assignments.team as name from assignments
        where assignments.lead_id = decisions.lead_id
          and assignments.assigned_at <= decisions.decided_at
        order by assignments.assigned_at desc, assignments.id desc limit 1) as team on true
      where decisions.kind = 'accepted' and undo.id is null and decisions.decided_at >= ${from}
      union all
      select assignments.team, leads.source, leads.held_at, 'held'
      from leads join assignments on assignments.id = leads.assignment_id
      where leads.state = 'held' and leads.held_at >= ${from}
    )
    select day.team, happened.at >= day.today as "isToday",
      (count(*) filter (where what = 'received'))::int as received,
      (count(*) filter (where what = 'accepted'))::int as accepted,
      (count(*) filter (where what = 'held'))::int as held
    from day join happened on happened.team = day.team and happened.at >= day.yesterday
      and happened.source <> ${TEST_LEAD_SOURCE}
    group by 1, 2
  `.execute(db);
  const counted = new Map<string, Counted>();
  for (const { team, isToday, received, accepted, held } of rows) {
    const known = counted.get(team) ?? { yesterday: NOTHING, today: NOTHING };
    counted.set(team, {
      ...known,
      [isToday ? 'today' : 'yesterday']: { received, accepted, held },
    });
  }
  return counted;
}
