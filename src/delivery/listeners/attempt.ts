import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../platform/errors.ts';
import { isUnsure } from '../../platform/postgres/database.ts';
import { retryDelayMs } from '../../platform/retry-delay.ts';
import { DEADLINE_MS, referenceOf, type SlackDeps } from './deps.ts';
import { describeError } from './describe-error.ts';

export interface Attempt<T> {
  /** For the log: which act this is. */
  name: string;
  traceId: string;
  /** Time that the person has waited already. */
  spentMs?: number;
  /** Runs again when the answer to its commit was lost: with a key of its own, so that it has one effect. */
  work(): Promise<T>;
  /** `late`: the person has been told before that it is not done yet. */
  done(value: T, late: boolean): Promise<void>;
  /** The deadline has passed and nobody knows yet: work goes on. */
  late(reference: string): Promise<void>;
  /** It certainly did not happen, or cannot be read. */
  failed(reference: string): Promise<void>;
  /** It may have happened, and nobody could find out in time. What only reads is never unsure. */
  unsure?(reference: string): Promise<void>;
}

/**
 * Runs work and tells its person the truth in time: what came of it, or that it is not known yet, and then
 * what came of it after all. "Recorded" is said by `done` only, after the work's own commit.
 */
export async function attempt<T>(deps: SlackDeps, act: Attempt<T>): Promise<void> {
  const reference = referenceOf(act.traceId);
  const outcome = settle(untilSure(deps, act));
  const deadlineMs = (deps.deadlineMs ?? DEADLINE_MS) - (act.spentMs ?? 0);
  const first = await before(outcome, Math.max(0, deadlineMs));
  if (first === 'late') {
    deps.log.warn({ traceId: act.traceId, reference, act: act.name }, 'Slack act is late');
    await tellLate(deps, act, reference);
  }
  const result = await outcome;
  if (result.ok) {
    await act.done(result.value, first === 'late');
    return;
  }
  const err = describeError(result.error);
  deps.log.error({ traceId: act.traceId, reference, act: act.name, err }, 'Slack act failed');
  await (isUnsure(result.error) && act.unsure ? act.unsure(reference) : act.failed(reference));
}

/** As long as Slack takes answers to a click, less the time for them to arrive. */
const FIND_OUT_MS = 25 * 60_000;
const ASK_AGAIN = { baseMs: 250, capMs: 5_000 };

/**
 * Runs the work; when the answer to its commit was lost, again until the database says: the key of the act finds
 * what is recorded, and a commit that is still under way holds the lock that the second run waits for.
 */
export async function untilSure<T>(
  deps: Pick<SlackDeps, 'log'>,
  { name, traceId, work }: Pick<Attempt<T>, 'name' | 'traceId' | 'work'>,
): Promise<T> {
  const giveUpAt = performance.now() + FIND_OUT_MS;
  let unsure: AppError | undefined;
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (isUnsure(error) && error.retryable) unsure ??= error;
      if (unsure === undefined) throw error;
      if (performance.now() > giveUpAt) {
        throw new AppError(unsure.code, unsure.message, { retryable: false, cause: unsure.cause });
      }
      deps.log.warn({ traceId, act: name, tries }, 'a commit was not answered, looking it up');
      await wait(retryDelayMs(tries, Math.random(), ASK_AGAIN));
    }
  }
}

type Settled<T> = { ok: true; value: T } | { ok: false; error: unknown };

function settle<T>(work: Promise<T>): Promise<Settled<T>> {
  return work.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );
}

/** What `outcome` gives, or `late` when it takes longer. */
export async function before<T>(outcome: Promise<T>, ms: number): Promise<T | 'late'> {
  const { promise, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(resolve, ms, 'late');
  const first = await Promise.race([outcome, promise]);
  clearTimeout(timer);
  return first;
}

/** Failing to say "not yet" must not keep the outcome from being told. */
async function tellLate<T>(deps: SlackDeps, act: Attempt<T>, reference: string): Promise<void> {
  try {
    await act.late(reference);
  } catch (error) {
    const err = describeError(error);
    deps.log.warn({ traceId: act.traceId, reference, err }, 'could not say that an act is late');
  }
}
