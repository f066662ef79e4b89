import type { Kysely } from 'kysely';
import type { Clock } from './clock.ts';
import type { EffectLane, EffectOutcome } from './effect-outcome.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { claimDue, type EffectClaim, recoverEffects } from './outbox.ts';
import type { Database } from './postgres/tables.ts';
import { retryDelayMs } from './retry-delay.ts';
import { type Settling, settleClaim } from './settle-claim.ts';
import { createWakeSignal } from './wake-signal.ts';

export interface DispatcherOptions {
  lane: EffectLane;
  db: Kysely<Database>;
  clock: Clock;
  log: Logger;
  /** In [0, 1): jitter of retries. */
  random: () => number;
  metrics?: Pick<Metrics, 'effects' | 'effectLagSeconds'>;
  /** How often due effects are looked for without a notification. */
  pollMs?: number;
  /** A row in `sending` for longer than this lost its sender. Well above the longest call. */
  leaseMs?: number;
  /** An unexpected failure repeated this often is put aside and told to the admins. */
  maxAttempts?: number;
  /** No other process sends: rows left in `sending` at the start were this one's, and need no lease to end. */
  alone?: boolean;
}

export interface Dispatcher {
  start(): void;
  /** Looks for due effects now: wire it to the listener of channel `outbox`. */
  wake(): void;
  /** Claims nothing more and waits for what is being sent, at most `timeoutMs`. False when something still was. */
  stop(timeoutMs: number): Promise<boolean>;
}

const RECOVER_EVERY_MS = 5_000;
const DATABASE_RETRY = { baseMs: 250, capMs: 5_000 };

/** One loop for a lane: claims due effects, hands them to it, records what became of them. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { lane, db, clock, log } = options;
  const pollMs = options.pollMs ?? 1_000;
  const leaseMs = options.leaseMs ?? lane.leaseMs ?? 60_000;
  const signal = createWakeSignal();
  const inFlight = new Set<Promise<void>>();
  const settling: Settling = {
    db,
    clock,
    log,
    random: options.random,
    maxAttempts: options.maxAttempts ?? 8,
    metrics: options.metrics,
    wakeAt,
  };
  let stopping = false;
  let running: Promise<void> = Promise.resolve();
  let recoveredAt = Number.NEGATIVE_INFINITY;
  let nextWakeAt = Number.POSITIVE_INFINITY;

  function wakeAt(at: Date): void {
    nextWakeAt = Math.min(nextWakeAt, at.getTime());
    signal.wake();
  }

  async function recover(lease: number): Promise<void> {
    const now = clock.now();
    const count = await recoverEffects(db, lane.name, now, lease);
    if (count > 0) log.warn({ lane: lane.name, count }, 'effects recovered');
    recoveredAt = now.getTime();
  }

  /** How many effects were claimed. */
  async function claimSome(): Promise<number> {
    const free = lane.concurrency - inFlight.size;
    if (free <= 0 || !(await lane.ready())) return 0;
    const claims = await claimDue(db, lane.name, clock.now(), free * lane.batchSize);
    for (let start = 0; start < claims.length; start += lane.batchSize) {
      track(send(claims.slice(start, start + lane.batchSize)));
    }
    return claims.length;
  }

  function track(work: Promise<void>): void {
    inFlight.add(work);
    work.finally(() => {
      inFlight.delete(work);
      signal.wake();
    });
  }

  async function send(claims: EffectClaim[]): Promise<void> {
    const outcomes = await handleSafely(lane, claims);
    for (const claim of claims) {
      await settleClaim(settling, claim, outcomes(claim));
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    let first = true;
    while (!stopping) {
      try {
        if (clock.now().getTime() - recoveredAt >= RECOVER_EVERY_MS || first) {
          await recover(first && options.alone === true ? 0 : leaseMs);
          first = false;
        }
        const claimed = await claimSome();
        failures = 0;
        if (claimed === 0) await rest();
      } catch (error) {
        failures += 1;
        log.warn({ err: error, lane: lane.name, failures }, 'outbox cannot be read, trying again');
        await signal.sleep(retryDelayMs(failures, options.random(), DATABASE_RETRY));
      }
    }
  }

  async function rest(): Promise<void> {
    const untilNext = nextWakeAt - clock.now().getTime();
    nextWakeAt = Number.POSITIVE_INFINITY;
    await signal.sleep(Math.max(1, Math.min(pollMs, untilNext)));
  }

  return {
    start() {
      running = run();
    },
    wake: signal.wake,
    async stop(timeoutMs) {
      stopping = true;
      signal.wake();
      const drained = running.then(() => Promise.all(inFlight)).then(() => true);
      const { promise: late, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(resolve, timeoutMs, false);
      const done = await Promise.race([drained, late]);
      clearTimeout(timer);
      return done;
    },
  };
}

async function handleSafely(
  lane: EffectLane,
  claims: EffectClaim[],
): Promise<(claim: EffectClaim) => EffectOutcome | Error | undefined> {
  try {
    const outcomes = await lane.handle(claims);
    return (claim) => outcomes.get(claim.id);
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    return () => cause;
  }
}
