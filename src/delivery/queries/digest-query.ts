import { type Kysely, sql } from 'kysely';
import type { Outcome } from '../../lead/crm-outcome.ts';
import { TEST_LEAD_SOURCE } from '../../lead/test-lead.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import { Tier } from '../../scoring/assessment.ts';
import type { TeamSource } from '../../scoring/rule-files.ts';
import type { DigestView, OverrideOutcome } from '../digest-view.ts';
import type { DayCounts } from '../home/home-views.ts';
import { teamsOf } from '../home/teams-of.ts';
import { leadRowsByIds, rankedLeadsOf } from './board-query.ts';
import { readTeamsToday } from './home/team-today.ts';

type Db = Kysely<Database>;

const BEST = 3;

export interface DigestOptions {
  db: Db;
  teams: readonly TeamSource[];
  crmUrl(crmId: string | null): string | null;
}

/** What waits for a person, what came of their overrides since `since`, and, of a manager's teams, yesterday. */
export async function readDigest(
  { db, teams, crmUrl }: DigestOptions,
  userId: string,
  since: Date,
  now: Date,
): Promise<DigestView> {
  const mine = await rankedLeadsOf(db, { rep: userId }, now);
  const best = mine.slice(0, BEST).map((lead) => lead.id);
  return {
    userId,
    waiting: mine.length,
    overdue: mine.filter(({ slaDueAt }) => slaDueAt !== null && slaDueAt < now).length,
    best: await leadRowsByIds(db, best, crmUrl),
    outcomes: await readOutcomes(db, userId, since, now),
    team: await readTeam(db, teams, userId, now),
  };
}

/** What the CRM said, since then, of leads that this person overrode or took off: the last of each, newest first. */
async function readOutcomes(
  db: Db,
  userId: string,
  since: Date,
  now: Date,
): Promise<OverrideOutcome[]> {
  const { rows } = await sql<{
    shortId: string;
    fromTier: string | null;
    toTier: string | null;
    cameOfIt: Outcome;
  }>`
    with last_said as (
      select distinct on (said.lead_id) leads.short_id as "shortId", assessments.tier as "fromTier",
        mine.to_tier as "toTier", said.kind as "cameOfIt", said.occurred_at
      from outcomes as said
      join leads on leads.id = said.lead_id and leads.source <> ${TEST_LEAD_SOURCE}
      join decisions as mine on mine.lead_id = said.lead_id and mine.actor = ${userId}
        and mine.kind in ('overridden', 'disqualified') and mine.decided_at <= said.occurred_at
      left join assessments on assessments.id = mine.assessment_id
      where said.received_at > ${since} and said.received_at <= ${now} and said.kind <> 'contacted'
        and not exists (select 1 from decisions as undo where undo.undoes = mine.id)
      order by said.lead_id, said.occurred_at desc, said.id desc, mine.decided_at desc
    )
    select "shortId", "fromTier", "toTier", "cameOfIt" from last_said
    order by occurred_at desc, "shortId"
  `.execute(db);
  return rows.map((row) => ({
    ...row,
    fromTier: Tier.safeParse(row.fromTier).data ?? null,
    toTier: Tier.safeParse(row.toTier).data ?? null,
  }));
}

/** Null for whoever looks after no team. */
async function readTeam(
  db: Db,
  teams: readonly TeamSource[],
  userId: string,
  now: Date,
): Promise<DayCounts | null> {
  const member = await db
    .selectFrom('members')
    .select(['role', 'email'])
    .where('slack_user_id', '=', userId)
    .executeTakeFirst();
  const own = member === undefined ? [] : teamsOf(teams, member);
  if (own.length === 0) return null;
  const days = await readTeamsToday(db, own, now);
  const sum = (part: keyof DayCounts) => days.reduce((all, day) => all + day.yesterday[part], 0);
  return { received: sum('received'), accepted: sum('accepted'), held: sum('held') };
}
