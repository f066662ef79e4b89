import type { Kysely } from 'kysely';
import type { Database } from '../../platform/postgres/tables.ts';
import { rankLeads } from '../../scoring/rank-leads.ts';
import type { BoardView, LeadRow } from '../views.ts';
import { withBoardNews } from './board-news-query.ts';
import { countHeld } from './held-query.ts';
import { leadRow, selectLeads } from './lead-rows.ts';

type Db = Kysely<Database>;

/** How many leads a board shows; the rest are counted. */
export const BOARD_SIZE = 10;

export interface RankedLead {
  id: string;
  assessmentId: string;
  effectiveTier: 'A' | 'B' | 'C' | 'D';
  slaDueAt: Date | null;
  points: number;
  /** What it was scored with: not the live one until it is scored again. */
  rulesetVersion: number;
  receivedAt: Date;
  rep: string | null;
  /** The rep has left the workspace: nobody has it. */
  repLeft: boolean;
}

/** Whose open leads: all that are in one of `channels`, routed to `rep` or with `team` (its id in routing). */
export interface OpenLeadsOf {
  channels?: readonly string[];
  rep?: string;
  team?: string;
}

/** The open leads of a channel in call order. */
export function rankedOpenLeads(db: Db, channel: string, now: Date): Promise<RankedLead[]> {
  return rankedLeadsOf(db, { channels: [channel] }, now);
}

/** Open leads in call order, ranked as one list. Cost grows with the open leads only. */
export async function rankedLeadsOf(
  db: Db,
  { channels = [], rep, team }: OpenLeadsOf,
  now: Date,
): Promise<RankedLead[]> {
  const rows = await db
    .selectFrom('leads')
    .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
    .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
    .leftJoin('members', 'members.slack_user_id', 'assignments.rep_user_id')
    .select([
      'leads.id',
      'leads.override_tier',
      'leads.received_at',
      'assessments.id as assessment_id',
      'assessments.tier',
      'assessments.points',
      'assessments.ruleset_version',
      'assignments.sla_due_at',
      'assignments.rep_user_id',
      'members.standing',
    ])
    .where('leads.state', '=', 'open')
    .where((eb) =>
      eb.or([
        eb('assignments.channel_id', '=', eb.fn.any(eb.val([...channels]))),
        ...(rep === undefined ? [] : [eb('assignments.rep_user_id', '=', rep)]),
        ...(team === undefined ? [] : [eb('assignments.team', '=', team)]),
      ]),
    )
    .execute();
  return rankLeads(
    rows.map((row) => ({
      id: row.id,
      assessmentId: row.assessment_id,
      effectiveTier: row.override_tier ?? row.tier,
      slaDueAt: row.sla_due_at,
      points: row.points,
      rulesetVersion: row.ruleset_version,
      receivedAt: row.received_at,
      rep: row.rep_user_id,
      repLeft: row.standing === 'deactivated',
    })),
    now,
  );
}

/** Full rows for some ids, in the order of the ids. */
export async function leadRowsByIds(
  db: Db,
  ids: readonly string[],
  crmUrl: (crmId: string | null) => string | null,
): Promise<LeadRow[]> {
  if (ids.length === 0) return [];
  const rows = await selectLeads(db)
    .where('leads.id', 'in', [...ids])
    .execute();
  const byId = new Map(rows.map((row) => [row.id, leadRow(row, crmUrl)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export interface RankedBoard {
  view: BoardView;
  /** Every lead of the board, the ones beyond the tenth included: what a confirmed revision delivers. */
  ranked: RankedLead[];
}

export async function readBoard(
  db: Db,
  board: { channel: string; channelId: string; team: string; revision: number },
  now: Date,
  crmUrl: (crmId: string | null) => string | null,
): Promise<RankedBoard> {
  const ranked = await rankedOpenLeads(db, board.channel, now);
  const shown = ranked.slice(0, BOARD_SIZE);
  const live = await db
    .selectFrom('rulesets')
    .select('version')
    .where('status', '=', 'live')
    .executeTakeFirstOrThrow();
  return {
    ranked,
    view: {
      team: board.team,
      channelId: board.channelId,
      leads: await withBoardNews(
        db,
        await leadRowsByIds(
          db,
          shown.map((lead) => lead.id),
          crmUrl,
        ),
        now,
      ),
      openCount: ranked.length,
      held: await countHeld(db),
      rulesetVersion: live.version,
      olderVersions: versionsOf(shown).filter((version) => version !== live.version),
      computedAt: now,
      revision: board.revision,
    },
  };
}

/** Ascending. */
function versionsOf(leads: readonly RankedLead[]): number[] {
  return [...new Set(leads.map((lead) => lead.rulesetVersion))].toSorted((a, b) => a - b);
}
