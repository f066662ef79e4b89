import { DatabaseError } from 'pg';
import type { Inbox, NewInboundEvent, StoredEvent } from './inbox.ts';

export interface GroupOptions {
  /** Most deliveries in one commit. */
  size?: number;
  /** Most events in one commit: nobody waits for many large deliveries. One delivery goes whole. */
  events?: number;
  /** Commits at the same time: one waits for the disk while another is prepared. */
  parallel?: number;
}

interface Delivery {
  events: readonly NewInboundEvent[];
  answer: PromiseWithResolvers<StoredEvent[]>;
}

/**
 * Deliveries that arrive while others are being committed share the next commit: alone one is stored at once,
 * in a burst the disk is asked once for many. A delivery that the database refuses for what is in it does not
 * take the others of its group with it.
 */
export function groupDeliveries(
  inbox: Inbox,
  { size = 64, events: most = 1_000, parallel = 2 }: GroupOptions = {},
): Inbox {
  let waiting: Delivery[] = [];
  let running = 0;

  function next(): void {
    if (running >= parallel || waiting.length === 0) return;
    const group = takeGroup();
    running += 1;
    storeGroup(inbox, group).finally(() => {
      running -= 1;
      next();
    });
  }

  /** The same event twice is for two groups: within one call keys differ. */
  function takeGroup(): Delivery[] {
    const group: Delivery[] = [];
    const later: Delivery[] = [];
    const taken = new Set<string>();
    let count = 0;
    for (const delivery of waiting) {
      const keys = delivery.events.map(keyOf);
      const hasRoom = group.length < size && (group.length === 0 || count + keys.length <= most);
      const fits = hasRoom && !keys.some((key) => taken.has(key));
      (fits ? group : later).push(delivery);
      if (fits) count += keys.length;
      for (const key of keys) taken.add(key);
    }
    waiting = later;
    return group;
  }

  return {
    store(events) {
      const answer = Promise.withResolvers<StoredEvent[]>();
      waiting.push({ events, answer });
      next();
      return answer.promise;
    },
  };
}

async function storeGroup(inbox: Inbox, group: readonly Delivery[]): Promise<void> {
  try {
    const stored = await inbox.store(group.flatMap(({ events }) => events));
    let start = 0;
    for (const { events, answer } of group) {
      answer.resolve(stored.slice(start, start + events.length));
      start += events.length;
    }
  } catch (error) {
    if (group.length === 1 || !isAboutContent(error)) {
      for (const { answer } of group) answer.reject(error);
      return;
    }
    for (const delivery of group) await storeGroup(inbox, [delivery]);
  }
}

/** Classes 22 and 23: this data cannot be stored. Anything else (no connection, no disk) concerns them all. */
function isAboutContent(error: unknown): boolean {
  return error instanceof DatabaseError && /^2[23]/.test(error.code ?? '');
}

function keyOf(event: NewInboundEvent): string {
  return JSON.stringify([event.source, event.dedupeKey]);
}
