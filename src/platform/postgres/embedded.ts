import { createHash, randomInt } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import type { Logger } from 'pino';
import { AppError } from '../errors.ts';
import { canReach, type ServerAccount, serverAccount } from './embedded-account.ts';
import { findBinaries } from './embedded-binaries.ts';
import { DATABASE_USER, ensureCluster } from './embedded-cluster.ts';
import { stopOrphan } from './embedded-orphan.ts';
import { claimFolder, isClaimed } from './embedded-owner.ts';
import { launchServer } from './embedded-server.ts';
import { superviseServer } from './embedded-supervisor.ts';

const DATABASE = 'firstcall';
/** Below the range that systems hand out for outgoing connections, so that a restart finds its port free. */
const PORTS = { from: 20_000, to: 32_000 };
const PORT_ATTEMPTS = 20;
const CLIENTS_GONE_MS = 1_000;
const CLIENTS_POLL_MS = 10;
/** Where root keeps the data when the project lies under a folder that only root can enter. */
const SHARED_DATA_FOLDER = '/var/lib/firstcall';

export interface EmbeddedPostgresOptions {
  dataDir: string;
  log: Pick<Logger, 'info' | 'warn'>;
  /** False only where losing the data on a power cut is fine (tests). */
  durable?: boolean;
  port?: number;
}

export interface EmbeddedPostgres {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that came with the packages and keeps it running until `stop`.
 * Throws AppError `database_locked` (a live process uses the folder) or `database_unavailable`,
 * each with one sentence for people.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { log, durable = true } = options;
  const folder = await prepareFolder(resolve(options.dataDir), log);
  const account = await serverAccount(join(folder, 'data'));
  const release = await claimFolder(folder);
  try {
    const binaries = await findBinaries(account, folder);
    const password = await ensureCluster({ folder, binaries, account, durable });
    const port = options.port ?? (await findFreePort());
    const launch = async () => {
      await stopOrphan(join(folder, 'data'), log);
      return launchServer({ program: binaries.postgres, folder, account, durable, port });
    };
    const supervisor = await superviseServer(launch, log);
    const stop = once(async () => {
      await clientsGone(urlOf(password, port, 'postgres'));
      await supervisor.stop();
      await release();
    });
    try {
      return { url: await ensureDatabase(password, port), stop };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * The address of the server that a live First Call runs on this folder; undefined when none does, and then
 * `startEmbeddedPostgres` may start one.
 */
export async function findRunningPostgres(
  dataDir: string,
  log: Pick<Logger, 'info'>,
): Promise<string | undefined> {
  const folder = await prepareFolder(resolve(dataDir), log);
  if (!(await isClaimed(folder))) return undefined;
  const state = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  const password = await readFile(join(folder, 'password'), 'utf8').catch(() => undefined);
  const lines = state.split('\n');
  if (lines[7]?.trim() !== 'ready' || password === undefined) return undefined;
  return urlOf(password, Number(lines[3]), DATABASE);
}

/** The folder that will hold the cluster: the one asked for, unless the server's account cannot get there. */
async function prepareFolder(wanted: string, log: Pick<Logger, 'info'>): Promise<string> {
  const account = await serverAccount(join(wanted, 'data'));
  await createFolder(wanted, account);
  if (account === undefined || (await canReach(wanted, account))) return wanted;
  const key = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const project = basename(dirname(dirname(wanted)));
  const folder = join(SHARED_DATA_FOLDER, `${project}-${key}`);
  await createFolder(SHARED_DATA_FOLDER, account);
  await createFolder(folder, account);
  log.info({ folder }, 'the database is kept outside the project, which only root can enter');
  return folder;
}

async function createFolder(folder: string, account: ServerAccount | undefined): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    // Root's umask may hide new folders from the server's account.
    if (account) await chmod(folder, 0o755);
  } catch (cause) {
    throw new AppError(
      'database_unavailable',
      `The database folder ${folder} cannot be created: check the disk and who owns the folder above it, or set DATABASE_URL.`,
      { retryable: false, cause },
    );
  }
}

async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt += 1) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (await isFree(port)) return port;
  }
  throw new AppError('database_unavailable', 'No free port was found for the database.', {
    retryable: true,
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

async function ensureDatabase(password: string, port: number): Promise<string> {
  const client = new Client({ connectionString: urlOf(password, port, 'postgres') });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${escapeIdentifier(DATABASE)}`);
  } catch (cause) {
    throw new AppError('database_unavailable', 'The database just started does not answer.', {
      retryable: true,
      cause,
    });
  } finally {
    await client.end();
  }
  return urlOf(password, port, DATABASE);
}

/**
 * A pool says that it has ended while its connections are still closing; a server that stops meanwhile tells
 * each of them so, which reads like a failure. Whoever stays longer than a moment is not waited for.
 */
async function clientsGone(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CLIENTS_GONE_MS });
  client.on('error', () => undefined);
  const deadline = performance.now() + CLIENTS_GONE_MS;
  try {
    await client.connect();
    while (performance.now() < deadline) {
      const { rowCount } = await client.query(
        `select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      if (rowCount === 0) break;
      await sleep(CLIENTS_POLL_MS);
    }
  } catch {
    // It is down: nobody is connected.
  } finally {
    await client.end().catch(() => undefined);
  }
}

function urlOf(password: string, port: number, database: string): string {
  return `postgres://${DATABASE_USER}:${password}@127.0.0.1:${port}/${database}`;
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= action();
    return running;
  };
}
