import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupDeliveries } from '../../src/intake/grouped-inbox.ts';
import type { NewInboundEvent } from '../../src/intake/inbox.ts';
import { createPostgresInbox } from '../../src/intake/postgres-inbox.ts';
import { HELD_REASONS } from '../../src/lead/held-reason.ts';
import { inboxContract } from '../contracts/inbox-contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createMemoryInbox } from './memory-inbox.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

describe('the inbox on Postgres', () => {
  inboxContract(async () => {
    await database.db.deleteFrom('inbound_events').execute();
    return { inbox: createPostgresInbox(database.db), stored };
  });
});

describe('the inbox on Postgres, deliveries grouped', () => {
  inboxContract(async () => {
    await database.db.deleteFrom('inbound_events').execute();
    return { inbox: groupDeliveries(createPostgresInbox(database.db)), stored };
  });

  it('commits no more than so many events at once, of senders in their order', async () => {
    const memory = createMemoryInbox();
    const commits: string[][] = [];
    const inbox = groupDeliveries(
      {
        async store(events) {
          commits.push(events.map(({ dedupeKey }) => dedupeKey));
          return memory.store(events);
        },
      },
      { events: 5, parallel: 1 },
    );
    const deliveries = ['a', 'bbb', 'ccc', 'dd', 'eeeeeee', 'f'];
    await Promise.all(
      deliveries.map((name) => inbox.store([...name].map((_, index) => event(`${name}#${index}`)))),
    );
    const names = commits.map((keys) => [...new Set(keys.map((key) => key.split('#')[0]))]);
    expect(names).toEqual([['a'], ['bbb', 'dd'], ['ccc', 'f'], ['eeeeeee']]);
  });

  it('stores what is sound when one of a group cannot be stored', async () => {
    await database.db.deleteFrom('inbound_events').execute();
    const inbox = groupDeliveries(createPostgresInbox(database.db));
    // PostgreSQL refuses a NUL in text; intake escapes it long before.
    const bodies = ['{}', '{}', 'a \u0000 b', '{}'];
    const results = await Promise.allSettled(
      bodies.map((rawBody, index) => inbox.store([{ ...event(`k${index}`), rawBody }])),
    );

    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect((await stored()).map((row) => row.dedupeKey).sort()).toEqual(['k0', 'k1', 'k3']);
  });
});

function event(dedupeKey: string): NewInboundEvent {
  const receivedAt = new Date('2026-06-01T10:00:00Z');
  return {
    kind: 'lead',
    source: 'website',
    traceId: 'trace',
    rawBody: '{}',
    receivedAt,
    dedupeKey,
  };
}

async function stored(): Promise<NewInboundEvent[]> {
  const rows = await database.db.selectFrom('inbound_events').selectAll().execute();
  return rows.map((row) => {
    const reason = HELD_REASONS.find((known) => known === row.held_reason);
    return {
      kind: row.kind,
      source: row.source,
      dedupeKey: row.dedupe_key,
      rawBody: row.raw_body,
      receivedAt: row.received_at,
      traceId: row.trace_id,
      ...(reason === undefined ? {} : { held: { reason, detail: row.held_detail ?? '' } }),
    };
  });
}
