import type { Kysely } from 'kysely';
import type { Clock } from './clock.ts';
import type { EffectOutcome, FailureNotice } from './effect-outcome.ts';
import { AppError, asAppError } from './errors.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { enqueueNotice } from './notices.ts';
import {
  completeEffect,
  deferEffect,
  type EffectClaim,
  failEffect,
  LOOK_AFTER_MS,
  markUnknown,
  retryEffect,
} from './outbox.ts';
import type { Database } from './postgres/tables.ts';
import { retryDelayMs } from './retry-delay.ts';

export interface Settling {
  db: Kysely<Database>;
  clock: Clock;
  log: Logger;
  random: () => number;
  maxAttempts: number;
  metrics: Pick<Metrics, 'effects' | 'effectLagSeconds'> | undefined;
  /** The dispatcher wants to look again at this time. */
  wakeAt(at: Date): void;
}

type Failure = Extract<EffectOutcome, { kind: 'failed' }>;

const RETRY = { baseMs: 1_000, capMs: 5 * 60_000 };
const REVIVE_AFTER_MS = 15 * 60_000;
/** Postgres may be restarting between Slack's answer and our record of it. */
const RECORD_ATTEMPTS = 5;
const RECORD_RETRY = { baseMs: 200, capMs: 3_000 };

/** Records what became of an attempt. A record that cannot be written is left to the lease: the row becomes unknown. */
export async function settleClaim(
  settling: Settling,
  claim: EffectClaim,
  result: EffectOutcome | Error | undefined,
): Promise<void> {
  const outcome = withPatience(settling, claim, asOutcome(result));
  const about = { effectId: claim.id, key: claim.key, kind: claim.kind, traceId: claim.traceId };
  for (let attempt = 1; attempt <= RECORD_ATTEMPTS; attempt += 1) {
    try {
      const held = await record(settling, claim, outcome);
      if (!held) settling.log.warn(about, 'claim lost before it was settled');
      count(settling, claim, outcome, held);
      logOutcome(settling, about, outcome);
      return;
    } catch (error) {
      settling.log.warn({ ...about, err: error, attempt }, 'outcome not recorded');
      const delay = retryDelayMs(attempt, settling.random(), RECORD_RETRY);
      if (attempt < RECORD_ATTEMPTS) await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
}

/** An exception says nothing about how far the attempt got. */
function asOutcome(result: EffectOutcome | Error | undefined): EffectOutcome {
  if (result instanceof Error) return { kind: 'unknown', error: asAppError(result) };
  if (result !== undefined) return result;
  const error = new AppError('unexpected', 'The lane gave no outcome', { retryable: true });
  return { kind: 'retry', error };
}

/** An outage is waited out however long it takes; anything unexpected is put aside after so many attempts. */
function withPatience(
  settling: Settling,
  claim: EffectClaim,
  outcome: EffectOutcome,
): EffectOutcome {
  if (outcome.kind !== 'retry' && outcome.kind !== 'unknown') return outcome;
  if (claim.attempts < settling.maxAttempts || outcome.error.code !== 'unexpected') return outcome;
  return { kind: 'failed', error: outcome.error };
}

async function record(
  settling: Settling,
  claim: EffectClaim,
  outcome: EffectOutcome,
): Promise<boolean> {
  const { db } = settling;
  switch (outcome.kind) {
    case 'done':
      return recordDone(settling, claim, outcome);
    case 'defer':
      settling.wakeAt(outcome.until);
      return deferEffect(db, claim, outcome.until);
    case 'retry': {
      const at = outcome.at ?? retryAt(settling, claim, outcome.error);
      settling.wakeAt(at);
      return retryEffect(db, claim, at, describe(outcome.error));
    }
    case 'unknown': {
      const at = outcome.at ?? lookUpAt(settling, claim, outcome.error);
      settling.wakeAt(at);
      return markUnknown(db, claim, at, describe(outcome.error));
    }
    case 'failed':
      return recordFailure(settling, claim, outcome);
  }
}

class ClaimLost extends Error {}

/**
 * The record first, the outbox row last: decisions lock their lead and then ask for effects, so the other
 * order would have the two wait for each other.
 */
async function recordDone(
  settling: Settling,
  claim: EffectClaim,
  outcome: Extract<EffectOutcome, { kind: 'done' }>,
): Promise<boolean> {
  try {
    await settling.db.transaction().execute(async (trx) => {
      await outcome.record?.(trx);
      // Rolls back what was recorded: whoever holds the row now records it.
      if (!(await completeEffect(trx, claim, settling.clock.now()))) throw new ClaimLost();
    });
    return true;
  } catch (error) {
    if (error instanceof ClaimLost) return false;
    throw error;
  }
}

async function recordFailure(
  settling: Settling,
  claim: EffectClaim,
  outcome: Failure,
): Promise<boolean> {
  const now = settling.clock.now();
  const reviveAt = outcome.reviveAt ?? new Date(now.getTime() + REVIVE_AFTER_MS);
  return settling.db.transaction().execute(async (trx) => {
    if (!(await failEffect(trx, claim, reviveAt, describe(outcome.error)))) return false;
    // A notice about a notice that cannot be sent would never end.
    if (claim.kind === 'slack.notice') return true;
    const notice = outcome.notice ?? generalNotice(claim, outcome.error);
    await enqueueNotice(trx, { ...notice, userId: 'admins', traceId: claim.traceId, now });
    return true;
  });
}

function generalNotice(claim: EffectClaim, error: AppError): FailureNotice {
  const ids = { effectId: claim.id, effectKind: claim.kind, code: error.code };
  return { noticeKind: 'effect_failed', subject: claim.id, ids };
}

function retryAt(settling: Settling, claim: EffectClaim, error: AppError): Date {
  const backoff = retryDelayMs(claim.attempts, settling.random(), RETRY);
  const delay = Math.max(error.retryAfterMs ?? 0, backoff);
  return new Date(settling.clock.now().getTime() + delay);
}

function lookUpAt(settling: Settling, claim: EffectClaim, error: AppError): Date {
  const settled = claim.attemptedAt.getTime() + LOOK_AFTER_MS;
  return new Date(Math.max(settled, retryAt(settling, claim, error).getTime()));
}

/** For the row: our own code and words; bounded, since an error's text may quote what was sent. */
function describe(error: AppError): string {
  return `${error.code}: ${error.message}`.slice(0, 500);
}

function count(
  settling: Settling,
  claim: EffectClaim,
  outcome: EffectOutcome,
  held: boolean,
): void {
  const result = held ? outcome.kind : 'lost';
  settling.metrics?.effects.inc({ lane: claim.lane, kind: claim.kind, result });
  if (result !== 'done') return;
  const lagMs = settling.clock.now().getTime() - claim.dueAt.getTime();
  settling.metrics?.effectLagSeconds.observe(
    { lane: claim.lane, kind: claim.kind },
    Math.max(0, lagMs) / 1_000,
  );
}

function logOutcome(settling: Settling, about: object, outcome: EffectOutcome): void {
  if (outcome.kind === 'done') settling.log.info(about, 'effect sent');
  else if (outcome.kind === 'failed')
    settling.log.error({ ...about, err: outcome.error }, 'effect failed');
  else if (outcome.kind !== 'defer')
    settling.log.warn(
      { ...about, err: outcome.error, outcome: outcome.kind },
      'effect not confirmed',
    );
}
