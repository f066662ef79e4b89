import { type Kysely, sql } from 'kysely';
import type { DecisionKind } from '../../decisions/ledger.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import { newestInForce, readOverrideInForce } from '../../records/override-in-force.ts';
import type { Rulesets } from '../../records/rulesets.ts';
import { type Assessment, Tier } from '../../scoring/assessment.ts';
import { type NearMiss, nearMisses } from '../../scoring/near-misses.ts';
import { ENGINE_VERSION } from '../../scoring/ruleset.ts';
import type { DecisionHistoryRow, HotLeadView, WhyView } from '../views.ts';
import { leadRow, nameOfMember, selectLeads } from './lead-rows.ts';

type Db = Kysely<Database>;
type CrmUrl = (crmId: string | null) => string | null;

const HISTORY_LENGTH = 10;
/** Of all rows, however many are read. */
const COUNT = sql<number>`(count(*) over ())::int`.as('count');

/** The decisions whose form says that managers see the note. */
const FOR_MANAGERS: ReadonlySet<DecisionKind> = new Set(['overridden', 'disqualified']);

type Compiled = Pick<Rulesets, 'compiled'>;

export async function readWhy(
  { db, rulesets, crmUrl }: { db: Db; rulesets: Compiled; crmUrl: CrmUrl },
  leadId: string,
): Promise<WhyView | null> {
  const row = await selectLeads(db)
    .select(['assignments.because', 'leads.assessment_id'])
    .where('leads.id', '=', leadId)
    .executeTakeFirst();
  if (!row) return null;
  const history = await db
    .selectFrom('assessments')
    .select(['scored_at', 'points', 'tier', 'ruleset_version', COUNT])
    .where('lead_id', '=', leadId)
    .where('id', '<>', row.assessment_id)
    .orderBy('scored_at', 'desc')
    .orderBy('id', 'desc')
    .limit(HISTORY_LENGTH)
    .execute();
  const previous = await db
    .selectFrom('assessments')
    .select('detail')
    .where('lead_id', '=', leadId)
    .where('id', '<>', row.assessment_id)
    .orderBy('scored_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const touches = await db
    .selectFrom('lead_touches')
    .select(['source', 'lead_source', 'campaign', 'received_at', COUNT])
    .where('lead_id', '=', leadId)
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(HISTORY_LENGTH)
    .execute();
  const decisions = await readDecisions(db, leadId);
  return {
    lead: leadRow(row, crmUrl),
    assessment: row.detail,
    previous: previous?.detail ?? null,
    nearMisses: row.state === 'closed' ? [] : await readNearMisses(db, rulesets, row),
    history: history.map((one) => ({
      scoredAt: one.scored_at,
      points: one.points,
      tier: one.tier,
      rulesetVersion: one.ruleset_version,
    })),
    decisions: decisions.rows,
    counts: {
      history: history[0]?.count ?? 0,
      decisions: decisions.count,
      touches: touches[0]?.count ?? 0,
    },
    touches: touches.map((touch) => ({
      source: touch.source,
      leadSource: touch.lead_source,
      campaign: touch.campaign,
      at: touch.received_at,
    })),
    routedBecause: row.because,
    overrideId: (await readOverrideInForce(db, leadId))?.id ?? null,
  };
}

/** By the rules and at the time of the score that is shown, so that both say the same. */
async function readNearMisses(
  db: Db,
  rulesets: Compiled,
  { assessment_id: id, detail }: { assessment_id: string | null; detail: Assessment },
): Promise<NearMiss[]> {
  // What another engine scored, this one may score otherwise.
  if (id === null || detail.tier === 'A' || detail.engineVersion !== ENGINE_VERSION) return [];
  const { features } = await db
    .selectFrom('assessments')
    .select('features')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const ruleset = await rulesets.compiled(detail.rulesetVersion);
  return nearMisses(ruleset, features, new Date(detail.scoredAt));
}

/** Newest first; an undone decision stays in the history, marked. */
async function readDecisions(
  db: Db,
  leadId: string,
): Promise<{ rows: DecisionHistoryRow[]; count: number }> {
  const rows = await db
    .selectFrom('decisions')
    .leftJoin('decisions as undo', 'undo.undoes', 'decisions.id')
    .leftJoin('decision_notes', 'decision_notes.decision_id', 'decisions.id')
    .selectAll('decisions')
    .select(['undo.id as undo_id', 'decision_notes.note', COUNT])
    .where('decisions.lead_id', '=', leadId)
    .where('decisions.kind', '<>', 'undone')
    .orderBy('decisions.decided_at', 'desc')
    .orderBy('decisions.id', 'desc')
    .limit(HISTORY_LENGTH)
    .execute();
  const decisions = rows.map((row) => ({
    kind: row.kind,
    actor: row.actor,
    at: row.decided_at,
    fromTier: asTier(row.from_tier),
    toTier: asTier(row.to_tier),
    reasonCode: row.reason_code,
    blamedRules: row.blamed_rules,
    worked: row.worked,
    note: FOR_MANAGERS.has(row.kind) ? row.note : null,
    toMember: row.to_member,
    undone: row.undo_id !== null,
  }));
  return { rows: decisions, count: rows[0]?.count ?? 0 };
}

function asTier(text: string | null): Tier | null {
  return Tier.safeParse(text).data ?? null;
}

export interface HotLead {
  view: HotLeadView;
  channel: string;
  assessmentId: string;
}

export async function readHotLead(db: Db, leadId: string, crmUrl: CrmUrl): Promise<HotLead | null> {
  const row = await selectLeads(db)
    .select('leads.assessment_id')
    .where('leads.id', '=', leadId)
    .executeTakeFirst();
  if (!row || row.channel_id === null || row.assessment_id === null) return null;
  const override = await newestInForce(db, ['overridden', 'disqualified'])
    .where('decisions.lead_id', '=', leadId)
    .leftJoin('members', 'members.slack_user_id', 'decisions.actor')
    .select(['decisions.actor', 'decisions.to_tier', 'members.display_name'])
    .executeTakeFirst();
  return {
    channel: row.channel_id,
    assessmentId: row.assessment_id,
    view: {
      lead: leadRow(row, crmUrl),
      reasons: row.detail.reasons,
      rulesetVersion: row.detail.rulesetVersion,
      overridden: override
        ? {
            byName: nameOfMember(override.actor, override.display_name),
            toTier: asTier(override.to_tier),
          }
        : null,
    },
  };
}
