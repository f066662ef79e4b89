import type { Transaction } from 'kysely';
import type { AppError } from './errors.ts';
import type { EffectClaim, LaneName } from './outbox.ts';
import type { Database } from './postgres/tables.ts';

/**
 * What became of one attempt, as a value.
 * - `done`: confirmed; `record` is written in the transaction that settles the row
 * - `defer`: nothing was sent (no budget, paused); not an attempt
 * - `retry`: surely not done; sent again later
 * - `unknown`: perhaps done; looked up before it is sent again
 * - `failed`: no use trying as things stand; people are told, and it is tried again at `reviveAt`
 */
export type EffectOutcome =
  | { kind: 'done'; record?: (trx: Transaction<Database>) => Promise<void> }
  | { kind: 'defer'; until: Date }
  | { kind: 'retry'; error: AppError; at?: Date }
  | { kind: 'unknown'; error: AppError; at?: Date }
  | { kind: 'failed'; error: AppError; reviveAt?: Date; notice?: FailureNotice };

/** What the admins are told, instead of the general "effect failed". */
export interface FailureNotice {
  noticeKind: string;
  subject: string;
  ids: Record<string, string>;
}

/** One kind of other side (Slack, the CRM) with its own pace. */
export interface EffectLane {
  name: LaneName;
  /** Effects that one call of `handle` takes. */
  batchSize: number;
  /** Calls of `handle` at the same time. */
  concurrency: number;
  /** Well above the longest that `handle` may take; the dispatcher's own default when absent. */
  leaseMs?: number;
  /** Outcomes by claim id; a claim without one is tried again. Throwing means unknown for all. */
  handle(claims: readonly EffectClaim[]): Promise<ReadonlyMap<string, EffectOutcome>>;
  /** False: nothing is claimed for now (paused, the CRM asked for rest). */
  ready(): Promise<boolean>;
}
