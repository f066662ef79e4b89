/** Where a proxy stops a statement: before it is passed on, or after it was answered and before that is passed back. */
export type TrapPoint = 'before' | 'after';

export interface TrapRule {
  at: TrapPoint;
  /** `statement` is SQL or a Redis command; `earlier` are those of the same transaction so far. */
  matches(statement: string, earlier: readonly string[]): boolean;
}

/** One statement stopped in mid-air, so that a test can kill a process at that very point. */
export interface Trap {
  /** Resolves when a statement is being held. */
  reached: Promise<void>;
  /** Lets it go on, or takes the trap away when nothing was held. */
  release(): void;
}

export interface Traps {
  set(rule: TrapRule): Trap;
  /** For a proxy: the trap that this statement runs into; it catches no other one. */
  spring(statement: string, earlier: readonly string[]): SprungTrap | undefined;
  clear(): void;
}

export interface SprungTrap {
  at: TrapPoint;
  arrive(): void;
  released: Promise<void>;
}

export function createTraps(): Traps {
  const waiting = new Map<TrapRule, SprungTrap>();
  const releasers = new Set<() => void>();
  return {
    set(rule) {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      waiting.set(rule, { at: rule.at, arrive: reached.resolve, released: released.promise });
      const release = () => {
        waiting.delete(rule);
        releasers.delete(release);
        released.resolve();
      };
      releasers.add(release);
      return { reached: reached.promise, release };
    },
    spring(statement, earlier) {
      for (const [rule, sprung] of waiting) {
        if (!rule.matches(statement, earlier)) continue;
        waiting.delete(rule);
        return sprung;
      }
      return undefined;
    },
    clear() {
      for (const release of releasers) release();
    },
  };
}
