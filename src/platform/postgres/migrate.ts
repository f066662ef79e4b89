import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Logger } from 'pino';
import { AppError } from '../errors.ts';
import { explainConnection } from './explain-connection.ts';

const MIGRATIONS = join(import.meta.dirname, 'migrations');
const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/;
/** Any fixed number: every First Call on this database waits for the same one. */
const LOCK_KEY = 4_607_182_418;
const CONNECT_LIMIT_MS = 10_000;

interface Migration {
  id: number;
  name: string;
  sql: string;
  checksum: string;
}

export interface MigrateOptions {
  log: Pick<Logger, 'info'>;
  /** Another folder of numbered files, for tests. */
  folder?: string;
}

/**
 * Brings the database up to the code, one transaction a file, while other processes wait. Resolves to the
 * names applied. Throws `migration_failed` when a file fails, when an applied one has changed, or when the
 * database is newer than the code; `database_unavailable` when it cannot be reached.
 */
export async function migrate(url: string, options: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(options.folder ?? MIGRATIONS);
  const client = await connect(url);
  try {
    await checkServerVersion(client);
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY]);
    await client.query(`create table if not exists schema_migrations (
      id integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`);
    const pending = await findPending(client, migrations);
    for (const migration of pending) {
      await apply(client, migration);
      options.log.info({ migration: migration.name }, 'database migrated');
    }
    return pending.map(({ name }) => name);
  } finally {
    // Closing the session also gives up the lock.
    await client.end().catch(() => undefined);
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(names.map((name, index) => readMigration(folder, name, index + 1)));
}

async function readMigration(folder: string, name: string, expected: number): Promise<Migration> {
  const id = Number(FILE_NAME.exec(name)?.[1]);
  if (id !== expected) {
    throw failed(`Migration ${name} should be numbered ${String(expected).padStart(4, '0')}.`);
  }
  const sql = await readFile(join(folder, name), 'utf8');
  // A checkout may change line ends, which changes nothing else.
  const checksum = createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
  return { id, name, sql, checksum };
}

/** `uuidv7()` came with this release. */
const OLDEST_SERVER = 180_000;

async function checkServerVersion(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: string }>(
    `select current_setting('server_version_num') as version`,
  );
  if (Number(rows[0]?.version) >= OLDEST_SERVER) return;
  throw new AppError('migration_failed', 'First Call needs PostgreSQL 18 or newer: upgrade it.', {
    retryable: false,
  });
}

async function connect(url: string): Promise<Client> {
  try {
    const client = new Client({
      connectionString: url,
      application_name: 'firstcall-migrate',
      connectionTimeoutMillis: CONNECT_LIMIT_MS,
    });
    // A connection that breaks between two queries: the next query reports it.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  } catch (cause) {
    throw new AppError('database_unavailable', explainConnection(cause), {
      retryable: true,
      cause,
    });
  }
}

async function findPending(client: Client, migrations: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<Omit<Migration, 'sql'>>(
    'select id, name, checksum from schema_migrations order by id',
  );
  for (const applied of rows) {
    const known = migrations.find(({ id }) => id === applied.id);
    if (!known) {
      throw failed(
        `The database is newer than this First Call (it has migration ${applied.name}): start the newer version.`,
      );
    }
    if (known.checksum !== applied.checksum) {
      throw failed(
        `Migration ${applied.name} was changed after it was applied: put the file back and add a new migration.`,
      );
    }
  }
  const done = new Set(rows.map(({ id }) => id));
  return migrations.filter(({ id }) => !done.has(id));
}

async function apply(client: Client, { id, name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query('insert into schema_migrations (id, name, checksum) values ($1, $2, $3)', [
      id,
      name,
      checksum,
    ]);
    await client.query(sql);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => undefined);
    const words = cause instanceof Error ? cause.message : String(cause);
    throw failed(`Migration ${name} failed and was taken back (${words}).`, cause);
  }
}

function failed(sentence: string, cause?: unknown): AppError {
  return new AppError('migration_failed', sentence, { retryable: false, cause });
}
