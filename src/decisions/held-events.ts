import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';

export type HeldEventAct = 'retry' | 'dismiss';

/** `gone`: it is not held any more; who let it go and how, when that is known. */
export type HeldEventResult =
  | { kind: 'done' }
  | { kind: 'gone'; last: { by: string; act: HeldEventAct } | null };

/** Port: what managers do with webhook items that became no lead. */
export interface HeldEvents {
  settle(eventId: string, act: HeldEventAct, by: string): Promise<HeldEventResult>;
}

const ACTION = {
  retry: 'held_event.retried',
  dismiss: 'held_event.dismissed',
} as const satisfies Record<HeldEventAct, string>;

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
        if (!settled) return whatHappened(tx, eventId, act, by);
        await tx
          .insertInto('audit_log')
          .values({
            at: now,
            actor: by,
            action: ACTION[act],
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

/** The same person's same act again, by a second click or after a lost answer, was their own success. */
async function whatHappened(
  tx: Transaction<Database>,
  eventId: string,
  act: HeldEventAct,
  by: string,
): Promise<HeldEventResult> {
  const last = await tx
    .selectFrom('audit_log')
    .select(['actor', 'action'])
    .where('subject', '=', eventId)
    .where('action', 'in', Object.values(ACTION))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) return { kind: 'gone', last: null };
  if (last.actor === by && last.action === ACTION[act]) return { kind: 'done' };
  const done = last.action === ACTION.retry ? 'retry' : 'dismiss';
  return { kind: 'gone', last: { by: last.actor, act: done } };
}
