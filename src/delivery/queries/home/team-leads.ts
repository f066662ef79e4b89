import { type Kysely, sql } from 'kysely';
import type { Database } from '../../../platform/postgres/tables.ts';
import type { TeamSource } from '../../../scoring/rule-files.ts';
import type { Assignable, TeamLeads } from '../../home/home-port.ts';
import { LEADS_PER_PAGE } from '../../home/home-views.ts';
import { leadRowsByIds, rankedLeadsOf } from '../board-query.ts';
import { nameOfMember } from '../lead-rows.ts';

type Db = Kysely<Database>;
type CrmUrl = (crmId: string | null) => string | null;

/** Whoever accepted a lead longer ago than this works on it, or it is no longer worth moving. */
const ACCEPTED_DAYS = 30;

/** Open leads of a team in call order, then accepted ones, the newest first, then snoozed ones as they wake. */
export async function readTeamLeads(
  db: Db,
  team: TeamSource,
  wanted: number,
  now: Date,
  crmUrl: CrmUrl,
): Promise<TeamLeads> {
  const open = await rankedLeadsOf(db, { team: team.id }, now);
  const ids = [
    ...open.map(({ id }) => id),
    ...(await acceptedIds(db, team.id, now)),
    ...(await snoozedIds(db, team.id)),
  ];
  const pages = Math.max(1, Math.ceil(ids.length / LEADS_PER_PAGE));
  const page = Math.min(Math.max(0, wanted), pages - 1);
  const shown = ids.slice(page * LEADS_PER_PAGE, (page + 1) * LEADS_PER_PAGE);
  return {
    ...{ teamId: team.id, team: team.label ?? team.id, page, pages, count: ids.length },
    leads: await leadRowsByIds(db, shown, crmUrl),
  };
}

/** By the decisions of the last days: the cost does not grow with what was ever accepted. */
async function acceptedIds(db: Db, team: string, now: Date): Promise<string[]> {
  const since = new Date(now.getTime() - ACCEPTED_DAYS * 86_400_000);
  const { rows } = await sql<{ id: string }>`
    select leads.id from leads join assignments on assignments.id = leads.assignment_id
    where leads.state = 'accepted' and assignments.team = ${team} and leads.accepted_at >= ${since}
      and leads.id in (select decisions.lead_id from decisions
        where decisions.kind = 'accepted' and decisions.decided_at >= ${since})
    order by leads.accepted_at desc, leads.id
  `.execute(db);
  return rows.map(({ id }) => id);
}

async function snoozedIds(db: Db, team: string): Promise<string[]> {
  const rows = await db
    .selectFrom('leads')
    .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
    .select('leads.id')
    .where('leads.state', '=', 'snoozed')
    .where('assignments.team', '=', team)
    .orderBy('leads.snoozed_until')
    .orderBy('leads.id')
    .execute();
  return rows.map(({ id }) => id);
}

/** The lead with those of its team who could have it: who are there, and not the one who has it. */
export async function readAssignable(
  db: Db,
  teams: readonly TeamSource[],
  leadId: string,
  now: Date,
  crmUrl: CrmUrl,
): Promise<Assignable | null> {
  const [lead] = await leadRowsByIds(db, [leadId], crmUrl);
  const place = await db
    .selectFrom('leads')
    .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
    .select('assignments.team')
    .where('leads.id', '=', leadId)
    .executeTakeFirst();
  const team = teams.find(({ id }) => id === place?.team);
  if (lead === undefined || team === undefined) return null;
  const emails = team.reps.map(({ email }) => email.toLowerCase());
  const { rows } = await sql<{ userId: string; name: string }>`
    select members.slack_user_id as "userId", members.display_name as name
    from members left join preferences on preferences.slack_user_id = members.slack_user_id
    where lower(members.email) = any(${emails})
      and (members.standing is null or members.standing = 'member'
        or (members.standing = 'guest' and members.granted_by is not null))
      and not (coalesce(preferences.away_from <= ${now}, false)
        and coalesce(preferences.away_until > ${now}, false))
    order by members.display_name, members.slack_user_id
  `.execute(db);
  const named = rows.map(({ userId, name }) => ({
    userId,
    name: nameOfMember(userId, name) ?? userId,
  }));
  return {
    ...{ teamId: team.id, team: team.label ?? team.id, lead },
    reps: named.filter(({ userId }) => userId !== lead.rep),
  };
}
