import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { DecisionKind } from '../../src/decisions/ledger.ts';
import type { Standing } from '../../src/delivery/ports.ts';
import type { Outcome } from '../../src/lead/crm-outcome.ts';
import type { LeadState } from '../../src/lead/lead.ts';
import type { Database } from '../../src/platform/postgres/tables.ts';
import type { Reason, Tier } from '../../src/scoring/assessment.ts';
import { NOW, sampleAssessment } from './fake-lead-views.ts';

export interface StoredLeadOptions {
  points?: number;
  tier?: Tier;
  reasons?: Reason[];
  state?: LeadState;
  channel?: string;
  rep?: string | null;
  slaDueAt?: Date | null;
  firstName?: string | null;
  lastName?: string | null;
  company?: string | null;
  title?: string | null;
  source?: string;
  heldReason?: string | null;
  heldDetail?: string | null;
  acceptedBy?: string | null;
  acceptedAt?: Date | null;
  /** When Slack first confirmed showing it. */
  shownAt?: Date | null;
  /** False: it could not be scored yet. */
  scored?: boolean;
}

export interface StoredLeads {
  member(slackUserId: string, displayName: string, standing?: Standing): Promise<void>;
  /** The id of a lead that waits in a channel, as the pipeline would have left it. */
  lead(options?: StoredLeadOptions): Promise<string>;
  /** Scores it anew, a minute after the score before. */
  score(leadId: string, result: Pick<StoredLeadOptions, 'points' | 'tier'>): Promise<void>;
  assign(leadId: string, to: Pick<StoredLeadOptions, 'channel' | 'rep'>): Promise<void>;
  decide(
    leadId: string,
    actor: string,
    kind: DecisionKind,
    more?: { undoes?: string; toTier?: Tier },
  ): Promise<string>;
  shortId(leadId: string): Promise<string>;
  /** What the CRM said of it, and when. */
  outcome(leadId: string, kind: Outcome, at: Date): Promise<void>;
}

/** Puts plainly sample leads into a database, for tests of what is read from it. */
export function storedLeads(db: Kysely<Database>): StoredLeads {
  let count = 0;
  return {
    async member(slackUserId, displayName, standing = 'member') {
      const columns = { email: null, role: 'rep', crm_user_id: null, time_zone: null } as const;
      await db
        .insertInto('members')
        .values({
          ...columns,
          standing,
          slack_user_id: slackUserId,
          display_name: displayName,
          updated_at: NOW,
        })
        .execute();
    },
    async lead(options = {}) {
      count += 1;
      const leadId = await insertLead(db, options, count);
      if (options.scored === false) return leadId;
      const assessment_id = await insertAssessment(db, leadId, options);
      const assignment_id = await insertAssignment(db, leadId, options);
      const update = db.updateTable('leads').set({ assessment_id, assignment_id });
      await update.where('id', '=', leadId).execute();
      if (options.shownAt) await insertDelivery(db, leadId, assessment_id, options.shownAt);
      return leadId;
    },
    async score(leadId, result) {
      count += 1;
      const scoredAt = new Date(NOW.getTime() + count * 60_000);
      const assessment_id = await insertAssessment(db, leadId, result, scoredAt);
      await db.updateTable('leads').set({ assessment_id }).where('id', '=', leadId).execute();
    },
    async assign(leadId, to) {
      const assignment_id = await insertAssignment(db, leadId, to);
      await db.updateTable('leads').set({ assignment_id }).where('id', '=', leadId).execute();
    },
    async decide(leadId, actor, kind, { undoes = null, toTier = null } = {}) {
      count += 1;
      const { assessment_id } = await db
        .selectFrom('leads')
        .select('assessment_id')
        .where('id', '=', leadId)
        .executeTakeFirstOrThrow();
      const row = await db
        .insertInto('decisions')
        .values({
          ...{
            lead_id: leadId,
            assessment_id,
            ruleset_version: assessment_id === null ? null : 1,
            kind,
            actor,
          },
          ...{
            surface: 'board',
            from_tier: null,
            to_tier: toTier,
            reason_code: null,
            worked: null,
          },
          ...{ to_member: null, snoozed_until: null, undoes, latency_ms: null },
          ...{ blamed_rules: [], idempotency_key: randomUUID(), trace_id: 'test' },
          decided_at: new Date(NOW.getTime() + count),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },
    async shortId(leadId) {
      const row = await db
        .selectFrom('leads')
        .select('short_id')
        .where('id', '=', leadId)
        .executeTakeFirstOrThrow();
      return row.short_id;
    },
    async outcome(leadId, kind, at) {
      await db
        .insertInto('outcomes')
        .values({
          ...{ lead_id: leadId, kind, source: 'salesforce', dedupe_key: randomUUID() },
          ...{ occurred_at: at, received_at: at },
        })
        .execute();
    },
  };
}

async function insertLead(
  db: Kysely<Database>,
  options: StoredLeadOptions,
  count: number,
): Promise<string> {
  const { state = 'open', acceptedBy = null, acceptedAt = null } = options;
  const {
    firstName = 'Dana',
    lastName = 'Sample',
    company = 'Example Freight',
    title = null,
  } = options;
  const profile = { firstName, lastName, company, title, message: null, email: null };
  const row = await db
    .insertInto('leads')
    .values({
      short_id: `L-T${String(count).padStart(3, '0')}`,
      ...{
        source: options.source ?? 'website',
        external_id: `test-${count}`,
        crm_id: null,
        company_id: null,
      },
      ...{ identity_key: null, profile: JSON.stringify(profile), state, trace_id: 'test' },
      held_reason: state === 'held' ? (options.heldReason ?? 'disqualified') : null,
      held_detail: state === 'held' ? (options.heldDetail ?? 'competitor') : null,
      ...{ received_at: new Date(NOW.getTime() + count), updated_at: NOW },
      ...{ accepted_by: acceptedBy, accepted_at: acceptedAt },
      ...{ assessment_id: null, assignment_id: null, override_tier: null, first_touch_at: null },
      ...{ snoozed_until: null, closed_reason: null, score_due_at: null },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function insertAssessment(
  db: Kysely<Database>,
  leadId: string,
  { points = 50, tier = 'B', reasons }: StoredLeadOptions,
  scoredAt = NOW,
): Promise<string> {
  const detail = sampleAssessment({ points, tier, ...(reasons && { reasons }) });
  const row = await db
    .insertInto('assessments')
    .values({
      ...{ lead_id: leadId, ruleset_version: 1, ruleset_hash: 'sample', engine_version: 'sample' },
      ...{ scored_at: scoredAt, points, fit_points: points, intent_points: 0, tier },
      ...{ range_min: points, range_max: points, range_approximate: false },
      ...{ disqualified_code: null, detail: JSON.stringify(detail), features: '{}' },
      ...{ result_hash: 'sample', trace_id: 'test' },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function insertAssignment(
  db: Kysely<Database>,
  leadId: string,
  { channel = 'leads-growth', rep = null, slaDueAt = null }: StoredLeadOptions,
): Promise<string> {
  const row = await db
    .insertInto('assignments')
    .values({
      ...{ lead_id: leadId, team: channel, channel_id: channel, rep_user_id: rep },
      ...{ routing_rule: 'route.rest', because: 'Sample', sla_due_at: slaDueAt },
      ...{ assigned_at: NOW, assigned_by: 'routing' },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function insertDelivery(
  db: Kysely<Database>,
  leadId: string,
  assessmentId: string,
  at: Date,
): Promise<void> {
  await db
    .insertInto('deliveries')
    .values({
      ...{ lead_id: leadId, assessment_id: assessmentId, surface: 'board' },
      ...{ channel_id: 'C0BOARD', revision: 1, confirmed_at: at },
    })
    .execute();
}

/** Ruleset 1, live: what every stored assessment names. */
export async function storeRuleset(db: Kysely<Database>): Promise<void> {
  await db
    .insertInto('rulesets')
    .values({
      ...{ version: 1, hash: 'sample', files: '{}', status: 'live', parent_version: null },
      ...{ author: 'test', approver: null, note: 'sample', created_at: NOW, published_at: NOW },
    })
    .execute();
}
