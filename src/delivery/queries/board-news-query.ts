import { type Kysely, sql } from 'kysely';
import type { Database } from '../../platform/postgres/tables.ts';
import type { Tier } from '../../scoring/assessment.ts';
import { isScoreNews } from '../../scoring/score-news.ts';
import type { LeadRow } from '../views.ts';

/** A row is new for this long after a board first showed it. */
const NEW_MS = 15 * 60_000;
/** What a row was before is said for this long: against the score that the board showed an hour ago. */
const WAS_MS = 60 * 60_000;

interface Past {
  leadId: string;
  shownAt: Date | null;
  tier: Tier | null;
  points: number | null;
}

/** Marks the rows that a board has not long shown, and those that it showed with another score. */
export async function withBoardNews(
  db: Kysely<Database>,
  leads: readonly LeadRow[],
  now: Date,
): Promise<LeadRow[]> {
  if (leads.length === 0) return [];
  const pasts = await readPasts(
    db,
    leads.map(({ leadId }) => leadId),
    now,
  );
  const byId = new Map(pasts.map((past) => [past.leadId, past]));
  return leads.map((lead) => {
    const news = newsOf(lead, byId.get(lead.leadId), now);
    return news === null ? lead : { ...lead, news };
  });
}

/** The score that counted an hour ago, as far as a board had shown one by then; else the first that one showed. */
async function readPasts(
  db: Kysely<Database>,
  leadIds: readonly string[],
  now: Date,
): Promise<Past[]> {
  const before = new Date(now.getTime() - WAS_MS);
  const { rows } = await sql<Past>`
    with shown as (
      select deliveries.lead_id, deliveries.confirmed_at as at, assessments.tier, assessments.points
      from deliveries join assessments on assessments.id = deliveries.assessment_id
      where deliveries.lead_id = any(${[...leadIds]}::uuid[]) and deliveries.surface = 'board'
    )
    select distinct on (shown.lead_id) shown.lead_id as "leadId", shown.tier, shown.points,
      min(shown.at) over (partition by shown.lead_id) as "shownAt"
    from shown
    order by shown.lead_id, shown.at <= ${before} desc,
      case when shown.at <= ${before} then shown.at end desc, shown.at
  `.execute(db);
  return rows;
}

function newsOf(
  lead: LeadRow,
  past: Past | undefined,
  now: Date,
): NonNullable<LeadRow['news']> | null {
  if (past?.shownAt == null) return { kind: 'new' };
  const { tier, points, shownAt } = past;
  if (tier !== null && points !== null && isScoreNews({ tier, points }, lead)) {
    return { kind: 'was', tier, points };
  }
  return now.getTime() - shownAt.getTime() < NEW_MS ? { kind: 'new' } : null;
}
