import { setTimeout as delay } from 'node:timers/promises';

/**
 * What goes wrong with a call. "after commit" means that the double has done the work and only the
 * answer is lost or late: the caller cannot know.
 */
export type Fault =
  | { kind: 'rate-limited'; retryAfterSeconds: number }
  | { kind: 'http-error'; status: number }
  | { kind: 'http-error-after-commit'; status: number }
  | { kind: 'error'; error: string }
  | { kind: 'slow'; ms: number }
  | { kind: 'slow-after-commit'; ms: number }
  | { kind: 'drop-before' }
  | { kind: 'drop-after-commit' };

export interface FaultRule {
  /** The method (`chat.postMessage`) or operation; `*` for all. */
  operation: string;
  fault: Fault;
  /** How many calls it hits; 1 by default, Infinity until cancelled. */
  times?: number;
  /** Only calls on this target: a channel id, a record id. */
  target?: string;
  /** 3: of the calls that match, each third one. */
  every?: number;
}

export interface HoldRule {
  operation: string;
  when: 'before' | 'after-commit';
  target?: string;
}

/** One call stopped in mid-air, for tests that kill a process at that point. */
export interface Hold {
  /** Resolves when a call is being held. */
  reached: Promise<void>;
  release(options?: { drop?: boolean }): void;
}

export interface ActiveFault {
  remaining(): number;
  cancel(): void;
}

export type Outcome = 'continue' | 'drop';

interface WaitingHold {
  rule: HoldRule;
  arrive: () => void;
  outcome: Promise<Outcome>;
}

export interface Faults {
  add(rule: FaultRule): ActiveFault;
  /** Holds the next matching call until released. */
  hold(rule: HoldRule): Hold;
  clear(): void;
  /** For the double: the fault of this call, used up. */
  take(operation: string, target?: string): Fault | undefined;
  /** For the double: waits when a test holds this point. */
  pass(when: HoldRule['when'], operation: string, target?: string): Promise<Outcome>;
}

export function createFaults(): Faults {
  const rules: { rule: FaultRule; left: number; seen: number }[] = [];
  const holds: WaitingHold[] = [];
  const releasers = new Set<() => void>();
  return {
    add(rule) {
      const entry = { rule, left: rule.times ?? 1, seen: 0 };
      rules.push(entry);
      return {
        remaining: () => entry.left,
        cancel: () => {
          entry.left = 0;
        },
      };
    },
    hold(rule) {
      const reached = Promise.withResolvers<void>();
      const outcome = Promise.withResolvers<Outcome>();
      holds.push({ rule, arrive: reached.resolve, outcome: outcome.promise });
      const release = (options: { drop?: boolean } = {}): void =>
        outcome.resolve(options.drop === true ? 'drop' : 'continue');
      releasers.add(release);
      return { reached: reached.promise, release };
    },
    clear() {
      rules.length = 0;
      holds.length = 0;
      for (const release of releasers) release();
      releasers.clear();
    },
    take(operation, target) {
      const entry = rules.find(
        (each) => each.left > 0 && matches(each.rule, operation, target) && isTurn(each),
      );
      if (entry === undefined) return undefined;
      entry.left -= 1;
      return entry.rule.fault;
    },
    async pass(when, operation, target) {
      const index = holds.findIndex(
        (each) => each.rule.when === when && matches(each.rule, operation, target),
      );
      const held = holds[index];
      if (held === undefined) return 'continue';
      holds.splice(index, 1);
      held.arrive();
      return held.outcome;
    },
  };
}

/** Counts the call. */
function isTurn(entry: { rule: FaultRule; seen: number }): boolean {
  entry.seen += 1;
  return entry.seen % (entry.rule.every ?? 1) === 0;
}

function matches(
  rule: { operation: string; target?: string },
  operation: string,
  target: string | undefined,
): boolean {
  if (rule.operation !== '*' && rule.operation !== operation) return false;
  return rule.target === undefined || rule.target === target;
}

export async function waitMs(ms: number): Promise<void> {
  await delay(ms, undefined, { ref: false });
}
