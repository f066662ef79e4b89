import type { Inbox, NewInboundEvent } from '../../src/intake/inbox.ts';
import { AppError } from '../../src/platform/errors.ts';

export interface MemoryInbox extends Inbox {
  readonly events: NewInboundEvent[];
  /** From now on, storing fails as with the database down. */
  setDown(isDown: boolean): void;
}

/** Held to the same contract as the one on Postgres. */
export function createMemoryInbox(): MemoryInbox {
  const ids = new Map<string, string>();
  const events: NewInboundEvent[] = [];
  let isDown = false;
  return {
    events,
    setDown(value) {
      isDown = value;
    },
    async store(incoming) {
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
