import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../src/platform/postgres/migrate.ts';
import { createEmptyDatabase, type TestDatabase } from '../support/postgres.ts';

const log = pino({ level: 'silent' });
let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await createEmptyDatabase();
  folder = await mkdtemp(join(tmpdir(), 'firstcall-migrations-'));
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

function write(name: string, text: string): Promise<void> {
  return writeFile(join(folder, name), text);
}
function run(): Promise<string[]> {
  return migrate(database.url, { log, folder });
}
async function tables(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' order by 1`.execute(
    database.db,
  );
  return rows.map(({ name }) => name);
}

describe('migrate', () => {
  it('applies what is new, in order, once', async () => {
    await write('0001_first.sql', 'create table one (id int); create table two (id int);');
    expect(await run()).toEqual(['0001_first.sql']);
    await write('0002_second.sql', 'alter table one add column name text;');
    expect(await run()).toEqual(['0002_second.sql']);
    expect(await run()).toEqual([]);
    expect(await tables()).toEqual(['one', 'schema_migrations', 'two']);
  });

  it('applies the real migrations to an empty database, and nothing the second time', async () => {
    expect(await migrate(database.url, { log })).not.toEqual([]);
    expect(await migrate(database.url, { log })).toEqual([]);
  });

  it('lets processes that start at once wait for each other', async () => {
    await write('0001_first.sql', 'create table one (id int); select pg_sleep(0.05);');
    const applied = await Promise.all([run(), run(), run(), run()]);
    expect(applied.flat()).toEqual(['0001_first.sql']);
  });

  it('takes back a file that fails half way, and says which', async () => {
    await write('0001_first.sql', 'create table one (id int);');
    await write('0002_broken.sql', 'create table two (id int); select * from nowhere;');
    await expect(run()).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringContaining('0002_broken.sql'),
    });
    expect(await tables()).toEqual(['one', 'schema_migrations']);
    await write('0002_broken.sql', 'create table two (id int);');
    expect(await run()).toEqual(['0002_broken.sql']);
  });

  it('refuses when an applied file has changed, but not for line ends', async () => {
    await write('0001_first.sql', 'create table one (id int);\n');
    await run();
    await write('0001_first.sql', 'create table one (id int);\r\n');
    expect(await run()).toEqual([]);
    await write('0001_first.sql', 'create table one (id bigint);\n');
    await expect(run()).rejects.toThrow(/0001_first.sql was changed after it was applied/);
  });

  it('refuses a database that is newer than the code', async () => {
    await write('0001_first.sql', 'create table one (id int);');
    await write('0002_second.sql', 'create table two (id int);');
    await run();
    await rm(join(folder, '0002_second.sql'));
    await expect(run()).rejects.toThrow(/newer than this First Call.*0002_second.sql/);
  });

  it('refuses a gap in the numbers', async () => {
    await write('0002_second.sql', 'create table two (id int);');
    await expect(run()).rejects.toThrow(/should be numbered 0001/);
  });

  it('says that a database out of reach is out of reach', async () => {
    await expect(migrate('postgres://x@127.0.0.1:1/x', { log, folder })).rejects.toMatchObject({
      code: 'database_unavailable',
      retryable: true,
    });
  });
});
