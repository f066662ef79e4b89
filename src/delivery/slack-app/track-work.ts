import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt';
import { before } from '../listeners/attempt.ts';

/** Knows what is being worked on, so that a stop can wait until everybody has been told. */
export function trackWork() {
  const running = new Set<Promise<unknown>>();
  const middleware: Middleware<AnyMiddlewareArgs> = async ({ next }) => {
    const work = next();
    running.add(work);
    try {
      await work;
    } finally {
      running.delete(work);
    }
  };
  return {
    middleware,
    async idle(withinMs: number): Promise<void> {
      await before(Promise.allSettled([...running]), withinMs);
    },
  };
}
