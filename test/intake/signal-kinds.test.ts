import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindsBeyondLimit, MOST_UNDECLARED_KINDS } from '../../src/intake/signal-kinds.ts';
import { inTransaction } from '../../src/platform/postgres/database.ts';
import { writeSetting } from '../../src/records/settings.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createWorld } from '../support/world.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const made = (from: number, count: number, source = 'product') =>
  Array.from({ length: count }, (_, index) => ({ source, kind: `viewed_page_${from + index}` }));

async function beyond(signals: { source: string; kind: string }[]): Promise<string[]> {
  const found = await inTransaction(database.db, (tx) =>
    kindsBeyondLimit(tx, signals, async () => ['pricing_viewed'], new Date()),
  );
  return [...found].map(({ kind }) => kind);
}

it('lets a source make up so many kinds, and every declared one after that', async () => {
  expect(await beyond(made(0, MOST_UNDECLARED_KINDS - 1))).toEqual([]);
  expect(await beyond(made(MOST_UNDECLARED_KINDS - 1, 3))).toEqual([
    `viewed_page_${MOST_UNDECLARED_KINDS}`,
    `viewed_page_${MOST_UNDECLARED_KINDS + 1}`,
  ]);
  expect(await beyond([...made(0, 3), { source: 'product', kind: 'pricing_viewed' }])).toEqual([]);
  expect(await beyond(made(900, 1, 'website'))).toEqual([]);
});

it('holds the one too many where people see it, and takes a declared one', async () => {
  const world = await createWorld();
  try {
    const { db } = world.database;
    const kinds = made(0, MOST_UNDECLARED_KINDS).map(({ kind }) => kind);
    await writeSetting(db, 'signal_kinds:product', kinds, 'intake', new Date());
    const email = 'ada@sample.example';
    await world.sendSignal({
      data: [
        { kind: 'viewed_page_900', email },
        { kind: 'pricing_viewed', email },
      ],
    });
    await world.scored();
    const events = await db
      .selectFrom('inbound_events')
      .select(['state', 'held_reason'])
      .orderBy('dedupe_key')
      .execute();
    expect(events).toEqual([
      { state: 'held', held_reason: 'signal-kind-one-too-many' },
      { state: 'processed', held_reason: null },
    ]);
    expect(await db.selectFrom('signals').select('kind').execute()).toEqual([
      { kind: 'pricing_viewed' },
    ]);
  } finally {
    await world.close();
  }
});
