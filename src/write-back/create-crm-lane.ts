import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import type { EffectLane, EffectOutcome } from '../platform/effect-outcome.ts';
import { type AppError, asAppError } from '../platform/errors.ts';
import { enqueueNotice } from '../platform/notices.ts';
import type { EffectClaim } from '../platform/outbox.ts';
import type { Database } from '../platform/postgres/tables.ts';
import type { Assessment } from '../scoring/assessment.ts';
import type { Crm, CrmLeadRecord, CrmLeadWrite } from './crm.ts';
import { readKnownWrites, recordIntent } from './crm-write-records.ts';
import {
  DEFAULT_STATUS_MAPPING,
  type GatheredLead,
  gatherWantedLeads,
  type StatusMapping,
} from './gather-wanted-leads.ts';
import {
  type GoneLead,
  outcomeOfResult,
  outcomeOfThrown,
  type SettledWrite,
  writeDone,
} from './outcome-of-write.ts';
import {
  type CrmWritePlan,
  hashOfWanted,
  type KnownWrite,
  NEVER_WRITTEN,
  needsReading,
  planCrmWrite,
} from './plan-crm-write.ts';

export interface CrmLaneOptions {
  db: Kysely<Database>;
  crm: Crm;
  clock: Clock;
  /** The why as plain text of at most `maxLength` characters. */
  presentReasons(assessment: Assessment, maxLength: number): string;
  /** Characters that the CRM's field for the why takes. */
  reasonsLength?: number;
  /** The CRM's record was deleted or converted there: the lead is closed here, in the same transaction. */
  onGone(trx: Transaction<Database>, gone: GoneLead): Promise<void>;
  statuses?: StatusMapping;
  /** No write starts this long after the claim. */
  callWithinMs?: number;
}

/** One claim on its way through a batch. */
interface Job {
  claim: EffectClaim;
  lead: GatheredLead;
  known: KnownWrite;
}

const BATCH = 200;
/** A long text area of Salesforce takes 32,768 characters. */
const REASONS_LENGTH = 32_000;
/** A login, a read, two writes and a login again, each up to 20 seconds. */
const LEASE_MS = 180_000;
/** Above this share of the CRM's daily calls, one batch a minute. */
const HIGH_USAGE = 0.9;
const HIGH_USAGE_WAIT_MS = 60_000;

/** `crm.lead` {leadId}: the newest state of each lead, as many as the CRM takes in one call. */
export function createCrmLane(options: CrmLaneOptions): EffectLane {
  const { db, crm, clock } = options;
  const callWithinMs = options.callWithinMs ?? 60_000;
  let restUntil = Number.NEGATIVE_INFINITY;

  function rest(ms: number): void {
    restUntil = Math.max(restUntil, clock.now().getTime() + ms);
  }

  /** A limit or a refused login concerns every write, so the whole lane waits, and people learn of it. */
  async function heed(error: AppError, traceId: string): Promise<void> {
    if (error.code !== 'crm_rate_limited' && error.code !== 'crm_unauthorized') return;
    rest(error.retryAfterMs ?? HIGH_USAGE_WAIT_MS);
    const noticeKind = error.code === 'crm_unauthorized' ? 'crm_unauthorized' : 'crm_limit';
    const now = clock.now();
    const notice = { userId: 'admins', noticeKind, subject: 'crm', ids: {}, traceId, now };
    await db.transaction().execute((trx) => enqueueNotice(trx, notice));
  }

  async function prepare(claims: readonly EffectClaim[], settle: Settle): Promise<Job[]> {
    const leadIds = claims.map((claim) => claim.payload.leadId ?? '');
    const leads = await gatherWantedLeads(db, leadIds, {
      statuses: options.statuses ?? DEFAULT_STATUS_MAPPING,
      presentReasons: options.presentReasons,
      reasonsLength: options.reasonsLength ?? REASONS_LENGTH,
    });
    const knownWrites = await readKnownWrites(db, leadIds);
    const jobs: Job[] = [];
    for (const claim of claims) {
      const lead = leads.get(claim.payload.leadId ?? '');
      const known = knownWrites.get(claim.payload.leadId ?? '') ?? NEVER_WRITTEN;
      if (lead === undefined || isSettled(claim, lead, known)) settle(claim, { kind: 'done' });
      else jobs.push({ claim, lead, known });
    }
    return jobs;
  }

  async function read(jobs: readonly Job[]): Promise<ReadonlyMap<string, CrmLeadRecord>> {
    const unsure = jobs.filter(
      ({ claim, lead, known }) => claim.unknownSince !== null || needsReading(lead.wanted, known),
    );
    return unsure.length === 0
      ? new Map()
      : crm.readLeads(unsure.map(({ lead: { wanted } }) => wanted));
  }

  async function write(plans: readonly SettledWrite[], settle: Settle): Promise<void> {
    const writes = plans.flatMap(({ plan }) => plan.write ?? []);
    for (const { plan, lead } of plans) {
      if (plan.intent !== null) await recordIntent(db, lead.wanted.leadId, plan.intent);
    }
    const results = writes.length === 0 ? new Map() : await crm.writeLeads(inOrder(writes));
    if ((crm.usage() ?? 0) > HIGH_USAGE) rest(HIGH_USAGE_WAIT_MS);
    for (const settled of plans) {
      const result = results.get(settled.lead.wanted.leadId);
      if (result?.kind === 'not-written') await heed(result.error, settled.claim.traceId);
      settle(
        settled.claim,
        settled.plan.write === null
          ? writeDone(settled, settled.plan.crmId, clock)
          : await outcomeOfResult(settled, result, options),
      );
    }
  }

  return {
    name: 'crm',
    batchSize: BATCH,
    concurrency: 1,
    leaseMs: LEASE_MS,
    async handle(claims) {
      const outcomes = new Map<string, EffectOutcome>();
      const settle: Settle = (claim, outcome) => outcomes.set(claim.id, outcome);
      const jobs = await prepare(claims, settle);
      try {
        const current = await read(jobs);
        const plans = jobs.flatMap((job) => {
          const plan = planOf(job, current.get(job.lead.wanted.leadId));
          if (plan.crmId !== null || job.lead.wanted.mayCreate) return [{ ...job, plan }];
          // An interrupted attempt left nothing behind, and now it must not: held in the meantime, or from the start.
          settle(job.claim, { kind: 'done' });
          return [];
        });
        const late = clock.now().getTime() - callWithinMs;
        if (claims.some((claim) => claim.attemptedAt.getTime() < late)) {
          for (const { claim } of jobs) settle(claim, { kind: 'defer', until: clock.now() });
          return outcomes;
        }
        await write(plans, settle);
      } catch (thrown) {
        const error = asAppError(thrown);
        await heed(error, claims[0]?.traceId ?? '');
        for (const { claim } of jobs) {
          if (!outcomes.has(claim.id)) settle(claim, outcomeOfThrown(error, clock));
        }
      }
      return outcomes;
    },
    ready: async () => clock.now().getTime() >= restUntil,
  };
}

type Settle = (claim: EffectClaim, outcome: EffectOutcome) => void;

/** The CRM holds it already, or must not hear of it. */
function isSettled(claim: EffectClaim, { wanted }: GatheredLead, known: KnownWrite): boolean {
  if (claim.unknownSince !== null) return false;
  if (wanted.crmId === null && !wanted.mayCreate) return true;
  return known.contentHash === hashOfWanted(wanted);
}

function planOf({ lead, known }: Job, current: CrmLeadRecord | undefined): CrmWritePlan {
  return planCrmWrite(lead.wanted, known, current);
}

/** The same order everywhere, so that two writers wait for each other instead of locking each other out. */
function inOrder(writes: CrmLeadWrite[]): CrmLeadWrite[] {
  return writes.sort((a, b) => ((a.crmId ?? a.leadId) < (b.crmId ?? b.leadId) ? -1 : 1));
}
