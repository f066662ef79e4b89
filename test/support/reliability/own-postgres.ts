import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { vi } from 'vitest';
import { openDatabase } from '../../../src/platform/postgres/database.ts';
import { startEmbeddedPostgres } from '../../../src/platform/postgres/embedded.ts';
import type { TestDatabase } from '../postgres.ts';

/** A server of its own, which a test may treat badly. */
export interface OwnPostgres extends TestDatabase {
  /** kill -9 of the server; its supervisor starts it again. */
  kill(): Promise<void>;
  /** SIGSTOP of the server and of every process that serves a connection. */
  freeze(): Promise<void>;
  thaw(): void;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const log = pino({ level: 'silent' });
  const dataDir = await mkdtemp(join(tmpdir(), 'firstcall-outage-'));
  const server = await startEmbeddedPostgres({ dataDir, log, durable: false });
  const db = openDatabase(server.url, { applicationName: 'test', maxConnections: 5, log });
  const frozen = new Set<number>();

  async function serverPid(): Promise<number> {
    const pidFile = await readFile(join(dataDir, 'data/postmaster.pid'), 'utf8');
    const pid = Number.parseInt(pidFile, 10);
    if (pid === process.pid || Number.isNaN(pid)) throw new Error('the server is not up');
    return pid;
  }

  function thaw(): void {
    for (const pid of frozen) send(pid, 'SIGCONT');
    frozen.clear();
  }

  return {
    url: server.url,
    db,
    kill: () =>
      // It may still be starting again after the last time: the file names the dead one, or us.
      vi.waitFor(async () => {
        process.kill(await serverPid(), 'SIGKILL');
      }, 10_000),
    async freeze() {
      // First the one that would start others.
      const first = await serverPid();
      const { rows } = await sql<{ pid: number }>`select pid from pg_stat_activity`.execute(db);
      for (const pid of [first, ...rows.map((row) => row.pid)]) {
        frozen.add(pid);
        send(pid, 'SIGSTOP');
      }
    },
    thaw,
    async drop() {
      thaw();
      await db.destroy();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A connection that ended meanwhile has taken its process with it. */
function send(pid: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
