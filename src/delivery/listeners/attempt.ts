import { DEADLINE_MS, referenceOf, type SlackDeps } from './deps.ts';
import { describeError } from './describe-error.ts';

export interface Attempt<T> {
  /** For the log: which act this is. */
  name: string;
  traceId: string;
  /** Time that the person has waited already. */
  spentMs?: number;
  work(): Promise<T>;
  /** `late`: the person has been told before that it is not done yet. */
  done(value: T, late: boolean): Promise<void>;
  /** The deadline has passed and nobody knows yet: work goes on. */
  late(reference: string): Promise<void>;
  /** It certainly did not happen, or cannot be read. */
  failed(reference: string): Promise<void>;
}

/**
 * Runs work and tells its person the truth in time: what came of it, or that it is not known yet, and then
 * what came of it after all. "Recorded" is said by `done` only, after the work's own commit.
 */
export async function attempt<T>(deps: SlackDeps, act: Attempt<T>): Promise<void> {
  const reference = referenceOf(act.traceId);
  const outcome = settle(act.work());
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
  await act.failed(reference);
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
