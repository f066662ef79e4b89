import { type Kysely, sql } from 'kysely';
import type { Database } from '../../../platform/postgres/tables.ts';
import type { AwayRep } from '../../home/home-views.ts';

type Db = Kysely<Database>;

interface HeldLead {
  leadId: string;
  userId: string;
  name: string;
  why: AwayRep['why'];
  until: Date | null;
  timeZone: string | null;
}

/** People who have left or are away, with leads of these teams on their hands; those with most first. */
export async function readAwayReps(
  db: Db,
  teams: readonly string[],
  now: Date,
): Promise<AwayRep[]> {
  const people = new Map<string, AwayRep>();
  for (const { leadId: _, ...rep } of await leadsOfAbsent(db, teams, now)) {
    const known = people.get(rep.userId);
    people.set(rep.userId, { ...rep, count: (known?.count ?? 0) + 1 });
  }
  return [...people.values()].toSorted((a, b) => b.count - a.count);
}

/** The leads of one of them, in these teams; nobody's for somebody who is there. */
export async function readLeadsOfAway(
  db: Db,
  teams: readonly string[],
  userId: string,
  now: Date,
): Promise<string[]> {
  const held = await leadsOfAbsent(db, teams, now);
  return held.filter((lead) => lead.userId === userId).map(({ leadId }) => leadId);
}

/**
 * What waits for somebody who is not there, the one due first first. Leads that somebody away has contacted stay
 * with them: the talk has begun. Whoever has left finishes nothing.
 */
async function leadsOfAbsent(db: Db, teams: readonly string[], now: Date): Promise<HeldLead[]> {
  if (teams.length === 0) return [];
  const { rows } = await sql<HeldLead>`
    with absent as (
      select members.slack_user_id as id, members.display_name as name,
        members.time_zone,
        members.standing is not distinct from 'deactivated' as has_left,
        case when members.standing is distinct from 'deactivated'
          then preferences.away_until end as until
      from members left join preferences on preferences.slack_user_id = members.slack_user_id
      where members.standing = 'deactivated'
        or (preferences.away_from <= ${now} and preferences.away_until > ${now})
    ), theirs as (
      select leads.id, leads.state, leads.assignment_id, absent.id as user_id
      from absent join leads on leads.accepted_by = absent.id
      where leads.state in ('accepted', 'contacted')
      union all
      select leads.id, leads.state, leads.assignment_id, absent.id
      from leads join assignments on assignments.id = leads.assignment_id
        join absent on absent.id = assignments.rep_user_id
      where leads.state in ('open', 'snoozed')
    )
    select theirs.id as "leadId", absent.id as "userId", absent.name,
      case when absent.has_left then 'left' else 'away' end as why, absent.until,
      absent.time_zone as "timeZone"
    from theirs join absent on absent.id = theirs.user_id
      join assignments on assignments.id = theirs.assignment_id
    where assignments.team = any(${[...teams]})
      and (absent.has_left or theirs.state <> 'contacted')
    order by assignments.sla_due_at nulls last, theirs.id
  `.execute(db);
  return rows;
}
