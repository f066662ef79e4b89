import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { Client } from 'pg';
import { pino } from 'pino';
import { inject } from 'vitest';
import { openDatabase } from '../../src/platform/postgres/database.ts';
import type { Database } from '../../src/platform/postgres/tables.ts';
import type { TestCluster } from './postgres-global-setup.ts';

export interface TestDatabase {
  url: string;
  db: Kysely<Database>;
  /** Closes `db`, ends every other connection and removes the database. */
  drop(): Promise<void>;
}

/** A migrated database of its own for a test file: call it in `beforeAll`, `drop` it in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const cluster = await askForCluster();
  return create(cluster, `template ${cluster.template}`);
}

/** The same without any table, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return create(await askForCluster(), 'template template0');
}

async function askForCluster(): Promise<TestCluster> {
  const response = await fetch(inject('postgresBroker'));
  const text = await response.text();
  if (!response.ok) throw new Error(`No PostgreSQL for the tests: ${text}`);
  return JSON.parse(text) as TestCluster;
}

async function create({ adminUrl }: TestCluster, from: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(adminUrl, `create database ${name} ${from}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const db = openDatabase(url.href, {
    applicationName: 'firstcall-test',
    maxConnections: 5,
    log: pino({ level: 'silent' }),
  });
  return {
    url: url.href,
    db,
    drop: async () => {
      await db.destroy();
      await administer(adminUrl, `drop database ${name} with (force)`);
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
