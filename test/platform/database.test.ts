import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inTransaction, isUnsure, openDatabase } from '../../src/platform/postgres/database.ts';
import { eventually } from '../support/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { startPostgresProxy } from '../support/reliability/postgres-proxy.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await sql`create table counters (id int primary key, value int not null)`.execute(database.db);
  await sql`insert into counters values (1, 0), (2, 0)`.execute(database.db);
});
afterAll(() => database.drop());

async function one<T>(query: ReturnType<typeof sql<T>>): Promise<T> {
  const { rows } = await query.execute(database.db);
  const [row] = rows;
  if (row === undefined) throw new Error('no row');
  return row;
}

describe('values', () => {
  it('reads whole numbers, decimals, instants and days', async () => {
    const row = await one(
      sql<object>`select 9007199254740991::bigint as large, count(*) as count, avg(id) as mean,
        '2026-03-29T01:30:00+02:00'::timestamptz as instant, '2026-03-29'::date as day
        from counters`,
    );
    expect(row).toEqual({
      large: Number.MAX_SAFE_INTEGER,
      count: 2,
      mean: 1.5,
      instant: new Date('2026-03-28T23:30:00Z'),
      day: '2026-03-29',
    });
  });

  it('refuses a whole number that would lose its last digits', async () => {
    await expect(one(sql`select 9007199254740993::bigint as large`)).rejects.toThrow(
      /9007199254740993 is beyond exact numbers/,
    );
  });
});

describe('inTransaction', () => {
  it('runs the victim of a deadlock again', async () => {
    const turns: (() => void)[] = [];
    // Both hold their first row before either asks for its second, on the first attempt only.
    const bothHold = new Promise<void>((resolve) => turns.push(resolve));
    let holding = 0;
    let attempts = 0;
    async function raise(first: number, second: number): Promise<void> {
      await inTransaction(database.db, async (tx) => {
        attempts += 1;
        await sql`update counters set value = value + 1 where id = ${first}`.execute(tx);
        holding += 1;
        if (holding === 2) turns[0]?.();
        await bothHold;
        await sql`update counters set value = value + 1 where id = ${second}`.execute(tx);
      });
    }
    await Promise.all([raise(1, 2), raise(2, 1)]);
    const { rows } = await sql`select value from counters order by id`.execute(database.db);
    expect(rows).toEqual([{ value: 2 }, { value: 2 }]);
    expect(attempts).toBe(3);
  });

  it('passes any other error on, at the first attempt', async () => {
    const work = vi.fn(() => Promise.reject(new Error('no')));
    await expect(inTransaction(database.db, work)).rejects.toThrow('no');
    expect(work).toHaveBeenCalledTimes(1);
  });
});

describe('a commit whose answer is lost', () => {
  it.each([
    { at: 'after', happened: 1 },
    { at: 'before', happened: 0 },
  ] as const)('leaves open whether it happened: cut $at the commit', async ({ at, happened }) => {
    const proxy = await startPostgresProxy(database.url);
    const log = pino({ level: 'silent' });
    const db = openDatabase(proxy.url, { applicationName: 'cut', maxConnections: 1, log });
    const present = async () =>
      (await one(sql<{ value: number }>`select value from counters where id = 2`)).value;
    const before = await present();
    const raise = () =>
      inTransaction(db, (tx) =>
        sql`update counters set value = value + 1 where id = 2`.execute(tx),
      );
    const trap = proxy.trap({ at, matches: (statement) => statement === 'commit' });

    const raised = raise().catch((error: unknown) => error);
    await trap.reached;
    proxy.cut();
    trap.release();

    expect(isUnsure(await raised)).toBe(true);
    expect(await present()).toBe(before + happened);
    await db.destroy();
    await proxy.close();
  });

  it('is no excuse: what PostgreSQL itself refuses at the commit did not happen', async () => {
    await sql`create table promises (id int primary key deferrable initially deferred)`.execute(
      database.db,
    );
    const twice = inTransaction(database.db, (tx) =>
      sql`insert into promises values (1), (1)`.execute(tx),
    );
    expect(isUnsure(await twice.catch((error: unknown) => error))).toBe(false);
  });
});

describe('lost connections', () => {
  it('neither end the process nor stay in the pool', async () => {
    const warn = vi.fn();
    const log = { ...pino({ level: 'silent' }), warn };
    const db = openDatabase(database.url, { applicationName: 'lost', maxConnections: 2, log });
    const killAll = () =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'lost'`.execute(database.db);
    await sql`select 1`.execute(db);
    await killAll();
    await eventually(() => expect(warn).toHaveBeenCalledOnce());

    const inside = db.transaction().execute(async (tx) => {
      await sql`select 1`.execute(tx);
      await killAll();
      await eventually(() =>
        sql`select 1`.execute(tx).then(
          () => Promise.reject(),
          () => undefined,
        ),
      );
    });
    await expect(inside).rejects.toThrow();
    await expect(sql`select 1`.execute(db)).resolves.toBeDefined();
    await db.destroy();
  });
});
