import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  findRunningPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/postgres/embedded.ts';
import { processIdentity } from '../../src/platform/postgres/process-identity.ts';
import { effort, isLongRun } from '../support/effort.ts';

const HOLDER = join(import.meta.dirname, '../support/postgres-process.ts');
const silent = pino({ level: 'silent' });

let prepared: string;
let dataDir: string;
let atEnd: (() => Promise<unknown> | unknown)[] = [];

beforeAll(async () => {
  prepared = await mkdtemp(join(tmpdir(), 'firstcall-embedded-'));
  await (await start(prepared)).stop();
});
afterAll(() => rm(prepared, { recursive: true, force: true }));

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'firstcall-embedded-'));
  atEnd = [() => rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })];
});
afterEach(async () => {
  for (const undo of atEnd.toReversed()) await undo();
});

/** A cluster made once is copied (with its owners): making one takes a second. */
async function useMadeCluster(): Promise<void> {
  await promisify(execFile)('cp', ['-Rp', `${prepared}/.`, dataDir]);
}

/** Without fsync, which these tests do not need: killing a process loses nothing that the kernel has. */
async function start(folder = dataDir, options: { durable?: boolean; port?: number } = {}) {
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    log: silent,
    durable: false,
    ...options,
  });
  atEnd.push(server.stop);
  return server;
}

interface Holder {
  child: ChildProcess;
  nextLine(): Promise<{ url?: string; error?: string; drained?: boolean }>;
}

/** Another Node process, leader of its own process group as a terminal would make it. */
function startHolder(...args: string[]): Holder {
  const child = spawn(process.execPath, [HOLDER, dataDir, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  atEnd.push(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, nextLine: async () => JSON.parse((await lines.next()).value ?? '{}') };
}

async function query<T extends object>(url: string | undefined, text: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

async function serverPid(folder = dataDir): Promise<number> {
  return Number.parseInt(await readFile(join(folder, 'data/postmaster.pid'), 'utf8'), 10);
}

async function hasEnded(pid: number): Promise<void> {
  await vi.waitFor(async () => expect(await processIdentity(pid)).toBeUndefined(), 10_000);
}

/** Also when it has ended already. */
function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', resolve));
}

describe('startEmbeddedPostgres', () => {
  it('starts durable, on loopback only, and keeps the data over a restart', async () => {
    const first = await startEmbeddedPostgres({ dataDir, log: silent });
    atEnd.push(first.stop);
    expect(await query(first.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
    expect(await query(first.url, 'show synchronous_commit')).toEqual([
      { synchronous_commit: 'on' },
    ]);
    expect(await query(first.url, 'show listen_addresses')).toEqual([
      { listen_addresses: '127.0.0.1' },
    ]);
    await query(first.url, 'create table kept as select 42 as value');
    await first.stop();

    const second = await start();
    expect(await query(second.url, 'select value from kept')).toEqual([{ value: 42 }]);
    expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
    await expect(query(second.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it('takes over what a killed process left running', async () => {
    await useMadeCluster();
    const holder = startHolder();
    const { url } = await holder.nextLine();
    await query(url, 'create table kept as select 42 as value');
    const orphan = await serverPid();
    holder.child.kill('SIGKILL');
    await exitCode(holder.child);
    expect(await processIdentity(orphan)).toBeDefined();

    const server = await start();
    expect(await processIdentity(orphan)).toBeUndefined();
    expect(await query(server.url, 'select value from kept')).toEqual([{ value: 42 }]);
  });

  it('refuses a folder that a live process uses, in one sentence, and leaves that one alone', async () => {
    await useMadeCluster();
    const holder = startHolder();
    const { url } = await holder.nextLine();
    await expect(start()).rejects.toMatchObject({
      code: 'database_locked',
      message: `The database in ${dataDir} is already in use by process ${holder.child.pid}: stop that First Call first.`,
    });
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('tells another process where the running server is, and nothing when none runs', async () => {
    await useMadeCluster();
    expect(await findRunningPostgres(dataDir, silent)).toBeUndefined();
    const holder = startHolder();
    const { url } = await holder.nextLine();
    const found = await findRunningPostgres(dataDir, silent);
    expect(found).toBe(url);
    expect(await query(found, 'select 1 as one')).toEqual([{ one: 1 }]);
    holder.child.kill('SIGKILL');
    await exitCode(holder.child);
    expect(await findRunningPostgres(dataDir, silent)).toBeUndefined();
    // Ends the server that was left behind.
    await start();
  });

  it.runIf(isLongRun)(
    'lets exactly one of several processes that start at once have a new folder',
    async () => {
      const holders = [startHolder(), startHolder(), startHolder()];
      const lines = await Promise.all(holders.map(({ nextLine }) => nextLine()));
      expect(lines.filter(({ url }) => url)).toHaveLength(1);
      for (const { error } of lines.filter(({ url }) => !url)) {
        expect(error).toMatch(/already in use by process \d+/);
      }
    },
  );

  it('starts the server again when it is killed, at the same address', async () => {
    await useMadeCluster();
    const server = await start();
    await query(server.url, 'create table kept as select 42 as value');
    for (let round = 0; round < effort(1, 20); round += 1) {
      const pid = await serverPid();
      process.kill(pid, round % 2 === 0 ? 'SIGKILL' : 'SIGQUIT');
      await hasEnded(pid);
      const rows = await vi.waitFor(() => query(server.url, 'select value from kept'), 10_000);
      expect(rows).toEqual([{ value: 42 }]);
    }
  });

  it('stops when asked, also while the server is down', async () => {
    await useMadeCluster();
    const server = await start();
    const pid = await serverPid();
    process.kill(pid, 'SIGKILL');
    await server.stop();
    await hasEnded(pid);
    await expect(query(server.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
    await start();
  });

  it('is out of reach of Ctrl-C, so that draining still has a database', async () => {
    await useMadeCluster();
    const holder = startHolder();
    await holder.nextLine();
    const pid = await serverPid();
    process.kill(-Number(holder.child.pid), 'SIGINT');
    expect(await holder.nextLine()).toEqual({ drained: true });
    expect(await exitCode(holder.child)).toBe(0);
    await hasEnded(pid);
  });

  it('does not outlive a process that exits without stopping it', async () => {
    await useMadeCluster();
    const holder = startHolder('exit');
    await holder.nextLine();
    const pid = await serverPid().catch(() => 0);
    expect(await exitCode(holder.child)).toBe(3);
    if (pid) await hasEnded(pid);
    await start();
  });

  it.runIf(isLongRun)('is not stopped by a stranger that got the id of a dead server', async () => {
    await useMadeCluster();
    const server = await start();
    await server.stop();
    const { uid, gid } = await stat(join(dataDir, 'data'));
    const stranger = spawn('sleep', ['60'], { uid, gid, stdio: 'ignore', cwd: '/' });
    atEnd.push(() => stranger.kill('SIGKILL'));
    const pidFile = `${stranger.pid}\n${dataDir}/data\n1\n1\n\n127.0.0.1\n         0         0\nready\n`;
    await writeFile(join(dataDir, 'data/postmaster.pid'), pidFile);

    const again = await start();
    expect(await query(again.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(stranger.exitCode).toBeNull();
    expect(await processIdentity(Number(stranger.pid))).toBeDefined();
  });

  it('says so when the data is of another PostgreSQL, or the port is taken', async () => {
    await useMadeCluster();
    const server = await start();
    const port = Number(new URL(server.url).port);
    const other = await mkdtemp(join(tmpdir(), 'firstcall-embedded-'));
    atEnd.push(() => rm(other, { recursive: true, force: true }));
    await expect(start(other, { port })).rejects.toThrow(
      `Port ${port} of this machine is taken by another program`,
    );
    await server.stop();
    await writeFile(join(dataDir, 'data/PG_VERSION'), '9\n');
    await expect(start()).rejects.toThrow(/was made by PostgreSQL 9 and this is PostgreSQL 18/);
  });

  it('starts after an initdb that was killed half way', async () => {
    await mkdir(join(dataDir, 'data.0123/base'), { recursive: true });
    const server = await start();
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await expect(stat(join(dataDir, 'data.0123'))).rejects.toThrow(/ENOENT/);
  });
});

describe.skipIf(process.getuid?.() !== 0)('as root', () => {
  it('keeps the data elsewhere when the project is under a private folder', async () => {
    await chmod(dataDir, 0o700);
    const wanted = join(dataDir, 'project/.firstcall/postgres');
    const moved = vi.fn();
    const log = { ...silent, info: moved, warn: () => undefined };
    const server = await startEmbeddedPostgres({ dataDir: wanted, log, durable: false });
    atEnd.push(server.stop);
    const folder: string = moved.mock.calls[0]?.[0].folder;
    atEnd.push(() => rm(folder, { recursive: true, force: true }));
    atEnd.push(server.stop);
    expect(dirname(folder)).toBe('/var/lib/firstcall');
    await query(server.url, 'create table kept as select 42 as value');
    await server.stop();

    const again = await startEmbeddedPostgres({ dataDir: wanted, log, durable: false });
    atEnd.push(again.stop);
    expect(await query(again.url, 'select value from kept')).toEqual([{ value: 42 }]);
  });

  it('runs the server as somebody else', async () => {
    await useMadeCluster();
    await start();
    const { uid } = await stat(`/proc/${await serverPid()}`);
    expect(uid).not.toBe(0);
  });
});
