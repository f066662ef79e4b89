import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { pino } from 'pino';
import type { Salesforce } from '../../demo/salesforce/salesforce.ts';
import type { DecisionKind } from '../../src/decisions/ledger.ts';
import type { EffectLane } from '../../src/platform/effect-outcome.ts';
import {
  claimDue,
  type EffectClaim,
  enqueueEffect,
  LOOK_AFTER_MS,
  PRIORITY,
  recoverEffects,
} from '../../src/platform/outbox.ts';
import type { Database } from '../../src/platform/postgres/tables.ts';
import { settleClaim } from '../../src/platform/settle-claim.ts';
import type { Tier } from '../../src/scoring/assessment.ts';
import { createCrmLane } from '../../src/write-back/create-crm-lane.ts';
import type { MovableClock } from '../support/movable-clock.ts';
import { connectCrm } from './salesforce-world.ts';

/** The CRM lane on a real database and the Salesforce double, driven step by step. */
export interface CrmLaneHarness {
  lane: EffectLane;
  /** Owes the write of a lead. */
  owe(leadId: string): Promise<void>;
  sendDue(): Promise<number>;
  /** Sends, then forgets what became of it: killed before the record. */
  sendAndDie(): Promise<void>;
  recover(): Promise<void>;
  stateOf(leadId: string): Promise<string | undefined>;
  notices(): Promise<string[]>;
  gone: { leadId: string; why: string }[];
}

export function createCrmLaneHarness(options: {
  db: Kysely<Database>;
  salesforce: Salesforce;
  clock: MovableClock;
}): CrmLaneHarness {
  const { db, clock } = options;
  const log = pino({ level: 'silent' });
  const gone: CrmLaneHarness['gone'] = [];
  const lane = createCrmLane({
    db,
    clock,
    crm: connectCrm(options.salesforce, { clock, timeoutMs: 2_000 }),
    presentReasons: ({ points }) => `+${points} sample reason`,
    async onGone(_trx, { leadId, why }) {
      gone.push({ leadId, why });
    },
  });
  const settling = { db, clock, log, random: () => 0, maxAttempts: 8, metrics: undefined };

  async function handleDue(): Promise<[EffectClaim[], Awaited<ReturnType<typeof lane.handle>>]> {
    const claims = await claimDue(db, 'crm', clock.now(), lane.batchSize);
    return [claims, claims.length === 0 ? new Map() : await lane.handle(claims)];
  }

  return {
    lane,
    gone,
    async owe(leadId) {
      const now = clock.now();
      await db.transaction().execute((trx) =>
        enqueueEffect(trx, {
          key: `crm:${leadId}`,
          lane: 'crm',
          kind: 'crm.lead',
          payload: { leadId },
          dueAt: now,
          priority: PRIORITY.ordinary,
          traceId: 'trace-test',
          now,
        }),
      );
    },
    async sendDue() {
      let handled = 0;
      while (await lane.ready()) {
        const [claims, outcomes] = await handleDue();
        if (claims.length === 0) break;
        handled += claims.length;
        for (const claim of claims) {
          await settleClaim(
            { ...settling, wakeAt: () => undefined },
            claim,
            outcomes.get(claim.id),
          );
        }
      }
      return handled;
    },
    async sendAndDie() {
      await handleDue();
    },
    async recover() {
      clock.advance(LOOK_AFTER_MS);
      await recoverEffects(db, 'crm', clock.now(), 0);
    },
    async stateOf(leadId) {
      const row = await db
        .selectFrom('outbox')
        .select('state')
        .where('key', '=', `crm:${leadId}`)
        .executeTakeFirst();
      return row?.state;
    },
    async notices() {
      const rows = await db
        .selectFrom('outbox')
        .select('payload')
        .where('kind', '=', 'slack.notice')
        .execute();
      return rows.map(({ payload }) => `${payload.userId} ${payload.noticeKind}`).sort();
    },
  };
}

export async function insertRuleset(db: Kysely<Database>): Promise<void> {
  await db
    .insertInto('rulesets')
    .values({
      version: 1,
      hash: 'sample',
      files: '{}',
      status: 'live',
      parent_version: null,
      author: 'test',
      approver: null,
      note: 'test',
      created_at: new Date(),
      published_at: new Date(),
    })
    .execute();
}

export async function insertMember(
  db: Kysely<Database>,
  slackUserId: string,
  crmUserId: string | null,
  email: string | null = null,
): Promise<void> {
  await db
    .insertInto('members')
    .values({
      slack_user_id: slackUserId,
      email,
      display_name: 'Sample',
      role: 'rep',
      crm_user_id: crmUserId,
      time_zone: null,
      updated_at: new Date(),
    })
    .execute();
}

/** A scored open lead; resolves to its id. */
export async function insertScoredLead(
  db: Kysely<Database>,
  lead: { crmId?: string; email?: string; points?: number } = {},
): Promise<string> {
  const now = new Date();
  const profile = {
    firstName: 'Dana',
    lastName: 'Sample',
    company: 'Example Freight',
    email: lead.email ?? null,
    phone: null,
    title: 'Head of Operations',
    leadSource: 'Website',
  };
  const { id } = await db
    .insertInto('leads')
    .values({
      short_id: `L-${randomUUID().slice(0, 8)}`,
      source: 'test',
      external_id: randomUUID(),
      crm_id: lead.crmId ?? null,
      profile: JSON.stringify(profile),
      state: 'open',
      received_at: now,
      updated_at: now,
      trace_id: 'trace-test',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await score(db, id, lead.points ?? 62);
  return id;
}

export async function score(db: Kysely<Database>, leadId: string, points: number): Promise<void> {
  const tier: Tier = 'B';
  const { id } = await db
    .insertInto('assessments')
    .values({
      lead_id: leadId,
      ruleset_version: 1,
      ruleset_hash: 'sample',
      engine_version: '1',
      scored_at: new Date(),
      points,
      fit_points: points,
      intent_points: 0,
      range_min: points,
      range_max: points,
      range_approximate: false,
      tier,
      disqualified_code: null,
      detail: JSON.stringify({ points, tier, reasons: [] }),
      features: '{}',
      result_hash: randomUUID(),
      trace_id: 'trace-test',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db.updateTable('leads').set({ assessment_id: id }).where('id', '=', leadId).execute();
}

/** A row of the ledger with what it does to the lead; resolves to its id. */
export async function decide(
  db: Kysely<Database>,
  leadId: string,
  kind: DecisionKind,
  actor: string,
  more: { undoes?: string; toTier?: Tier; reasonCode?: string } = {},
): Promise<string> {
  const now = new Date();
  const { id } = await db
    .insertInto('decisions')
    .values({
      lead_id: leadId,
      assessment_id: null,
      ruleset_version: 1,
      kind,
      actor,
      surface: 'board',
      from_tier: null,
      to_tier: more.toTier ?? null,
      reason_code: more.reasonCode ?? null,
      worked: null,
      to_member: null,
      snoozed_until: null,
      undoes: more.undoes ?? null,
      latency_ms: null,
      idempotency_key: randomUUID(),
      decided_at: now,
      trace_id: 'trace-test',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const acceptedBy = kind === 'accepted' ? actor : null;
  if (kind === 'accepted' || kind === 'undone') {
    await db
      .updateTable('leads')
      .set({ accepted_by: acceptedBy, state: acceptedBy === null ? 'open' : 'accepted' })
      .where('id', '=', leadId)
      .execute();
  }
  if (kind === 'overridden') {
    await db
      .updateTable('leads')
      .set({ override_tier: more.toTier ?? null })
      .where('id', '=', leadId)
      .execute();
  }
  return id;
}
