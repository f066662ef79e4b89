import type { Kysely } from 'kysely';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';
import type { Inbox } from './inbox.ts';
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
            events.map((event) => ({
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
      const fresh = new Map(inserted.map((row) => [row.dedupe_key, row.id]));
      if (fresh.size === events.length) {
        return events.map((event) => ({ id: fresh.get(event.dedupeKey) ?? '', duplicate: false }));
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
      const ids = new Map(known.map((row) => [`${row.source}/${row.dedupe_key}`, row.id]));
      return events.map((event) => ({
        id: ids.get(`${event.source}/${event.dedupeKey}`) ?? '',
        duplicate: !fresh.has(event.dedupeKey),
      }));
    },
  };
}
