import type { Inbox, NewInboundEvent } from '../../src/intake/inbox.ts';
import { AppError } from '../../src/platform/errors.ts';

export interface MemoryInbox extends Inbox {
  readonly events: NewInboundEvent[];
  /** From now on, storing fails as with the database down. */
  setDown(isDown: boolean): void;
  /** Commits wait until the returned function is called. */
  stall(): () => void;
}

/** Held to the same contract as the one on Postgres. */
export function createMemoryInbox(): MemoryInbox {
  const ids = new Map<string, string>();
  const events: NewInboundEvent[] = [];
  let isDown = false;
  let commit = Promise.resolve();
  return {
    events,
    setDown(value) {
      isDown = value;
    },
    stall() {
      const { promise, resolve } = Promise.withResolvers<void>();
      commit = promise;
      return resolve;
    },
    async store(incoming) {
      await commit;
      if (isDown) throw new AppError('database_unavailable', 'down', { retryable: true });
      return incoming.map((event) => {
        const key = JSON.stringify([event.source, event.dedupeKey]);
        const known = ids.get(key);
        if (known !== undefined) return { id: known, duplicate: true };
        const id = `event-${ids.size + 1}`;
        ids.set(key, id);
        events.push(event);
        return { id, duplicate: false };
      });
    },
  };
}
