import type { Kysely } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';

export type HeldEventAct = 'retry' | 'dismiss';

/** `gone`: it is not held any more, somebody else was faster. */
export type HeldEventResult = { kind: 'done' } | { kind: 'gone' };

/** Port: what managers do with webhook items that became no lead. */
export interface HeldEvents {
  settle(eventId: string, act: HeldEventAct, by: string): Promise<HeldEventResult>;
}

/** `retry` reads the item again (after the mapping was mended); `dismiss` says that nobody needs it. */
export function createHeldEvents(
  db: Kysely<Database>,
  clock: Clock,
  onRetry: (eventId: string) => void,
): HeldEvents {
  return {
    async settle(eventId, act, by) {
      const now = clock.now();
      const result = await inTransaction(db, async (tx): Promise<HeldEventResult> => {
        const cleared = { held_reason: null, held_detail: null };
        const settled = await tx
          .updateTable('inbound_events')
          .set(
            act === 'retry'
              ? { ...cleared, state: 'received', attempts: 0 }
              : { ...cleared, state: 'processed', result: 'dismissed', processed_at: now },
          )
          .where('id', '=', eventId)
          .where('state', '=', 'held')
          .returning('id')
          .executeTakeFirst();
        if (!settled) return { kind: 'gone' };
        await tx
          .insertInto('audit_log')
          .values({
            at: now,
            actor: by,
            action: act === 'retry' ? 'held_event.retried' : 'held_event.dismissed',
            subject: eventId,
            detail: JSON.stringify({}),
          })
          .execute();
        return { kind: 'done' };
      });
      if (result.kind === 'done' && act === 'retry') onRetry(eventId);
      return result;
    },
  };
}
