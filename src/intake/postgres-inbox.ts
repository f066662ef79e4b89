import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database, InboundEventsTable } from '../platform/postgres/tables.ts';
import type { Inbox, NewInboundEvent } from './inbox.ts';
import { tellHeld } from './tell-held.ts';

type Tx = Transaction<Database>;

/** The inbox on Postgres: one statement, so a batch is stored whole or not at all. */
export function createPostgresInbox(db: Kysely<Database>): Inbox {
  return {
    async store(events) {
      if (events.length === 0) return [];
      const inserted = await inTransaction(db, async (tx) => {
        const rows = await insertEvents(tx, events);
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
      const dedupeKeys = events.map((event) => event.dedupeKey);
      const known = await db
        .selectFrom('inbound_events')
        .select(['id', 'source', 'dedupe_key'])
        .where('dedupe_key', 'in', sql<string>`(select unnest(${dedupeKeys}::text[]))`)
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

type StoredRow = Pick<
  Selectable<InboundEventsTable>,
  'id' | 'source' | 'dedupe_key' | 'held_reason' | 'trace_id' | 'received_at'
>;

/**
 * Ids rise in the order given, in which the events are then worked. They go in by their keys: two batches with the
 * same keys wait for each other instead of deadlocking. One parameter, however many they are: a statement has 65,535.
 */
async function insertEvents(tx: Tx, events: readonly NewInboundEvent[]): Promise<StoredRow[]> {
  const given = events
    .map((event, index) => ({ ...event, ...event.held, key: keyOf(event), position: index + 1 }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const { rows } = await sql<StoredRow>`
    insert into inbound_events
      (id, kind, source, dedupe_key, raw_body, trace_id, received_at, state, held_reason, held_detail)
    select (array(select uuidv7() from generate_series(1, ${events.length}::int)))[position],
      kind, source, "dedupeKey", "rawBody", "traceId", "receivedAt",
      case when reason is null then 'received' else 'held' end, reason, detail
    from json_to_recordset(${JSON.stringify(given)}::json) as given (
      position int, kind text, source text, "dedupeKey" text, "rawBody" text, "traceId" text,
      "receivedAt" timestamptz, reason text, detail text
    )
    on conflict (source, dedupe_key) do nothing
    returning id, source, dedupe_key, held_reason, trace_id, received_at
  `.execute(tx);
  return rows;
}

function keyOf(event: Pick<NewInboundEvent, 'source' | 'dedupeKey'>): string {
  return `${event.source}/${event.dedupeKey}`;
}

function idsByKey(
  rows: readonly { id: string; source: string; dedupe_key: string }[],
): Map<string, string> {
  return new Map(rows.map((row) => [`${row.source}/${row.dedupe_key}`, row.id]));
}
