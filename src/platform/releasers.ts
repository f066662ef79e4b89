import type { Logger } from './logger.ts';

export interface Releasers {
  /** Remembers how to undo what was just acquired. */
  push(name: string, release: () => Promise<unknown> | unknown): void;
  /** Undoes everything, the newest first; a failure is logged and the rest goes on. */
  release(): Promise<void>;
}

/** What was acquired is released in reverse order, also when a start fails half way. */
export function createReleasers(log: Logger): Releasers {
  const stack: { name: string; release: () => Promise<unknown> | unknown }[] = [];
  return {
    push(name, release) {
      stack.push({ name, release });
    },
    async release() {
      for (let next = stack.pop(); next; next = stack.pop()) {
        try {
          await next.release();
        } catch (error) {
          log.warn({ err: error, part: next.name }, 'did not close cleanly');
        }
      }
    },
  };
}
