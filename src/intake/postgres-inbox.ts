import type { Kysely } from 'kysely';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';
import type { Inbox, NewInboundEvent } from './inbox.ts';
import { tellHeld } from './tell-held.ts';

/** The inbox on Postgres: one statement, so a batch is stored whole or not at all. */
export function createPostgresInbox(db: Kysely<Database>): Inbox {
  return {
    async store(events) {
      if (events.length === 0) return [];
      const inserted = await inTransaction(db, async (tx) => {
        const rows = await tx
          .insertInto('inbound_events')
          .values(
            inOneOrder(events).map((event) => ({
              kind: event.kind,
              source: event.source,
              dedupe_key: event.dedupeKey,
              raw_body: event.rawBody,
              trace_id: event.traceId,
              received_at: event.receivedAt,
              state: event.held ? ('held' as const) : ('received' as const),
              held_reason: event.held?.reason ?? null,
              held_detail: event.held?.detail ?? null,
              result: null,
              lead_id: null,
              processed_at: null,
            })),
          )
          .onConflict((conflict) => conflict.columns(['source', 'dedupe_key']).doNothing())
          .returning(['id', 'source', 'dedupe_key', 'held_reason', 'trace_id', 'received_at'])
          .execute();
        for (const row of rows) {
          if (row.held_reason !== null)
            await tellHeld(tx, row.id, row.held_reason, row.trace_id, row.received_at);
        }
        return rows;
      });
      const fresh = idsByKey(inserted);
      if (fresh.size === events.length) {
        return events.map((event) => ({ id: fresh.get(keyOf(event)) ?? '', duplicate: false }));
      }
      const known = await db
        .selectFrom('inbound_events')
        .select(['id', 'source', 'dedupe_key'])
        .where(
          'dedupe_key',
          'in',
          events.map((event) => event.dedupeKey),
        )
        .where('source', 'in', [...new Set(events.map((event) => event.source))])
        .execute();
      const ids = idsByKey(known);
      return events.map((event) => ({
        id: ids.get(keyOf(event)) ?? '',
        duplicate: !fresh.has(keyOf(event)),
      }));
    },
  };
}

/** Two batches with the same keys wait for each other instead of deadlocking. */
function inOneOrder(events: readonly NewInboundEvent[]): NewInboundEvent[] {
  return [...events].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf(event: Pick<NewInboundEvent, 'source' | 'dedupeKey'>): string {
  return `${event.source}/${event.dedupeKey}`;
}

function idsByKey(
  rows: readonly { id: string; source: string; dedupe_key: string }[],
): Map<string, string> {
  return new Map(rows.map((row) => [`${row.source}/${row.dedupe_key}`, row.id]));
}
