import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { AppError } from '../errors.ts';
import { commandLine, processIdentity } from './process-identity.ts';

const POLL_MS = 20;
const FAST_STOP_MS = 15_000;
const IMMEDIATE_STOP_MS = 5_000;

/**
 * Ends the server that an earlier owner of this folder left behind (killed with -9), so that ours starts
 * with settings and a parent that we know. Call it only while holding the folder's claim.
 */
export async function stopOrphan(dataFolder: string, log: Pick<Logger, 'info'>): Promise<void> {
  const pidPath = join(dataFolder, 'postmaster.pid');
  const content = await readFile(pidPath, 'utf8').catch(() => undefined);
  const pid = Number.parseInt(content ?? '', 10);
  if (content === undefined || !(pid > 0)) return;
  if (await isServerOf(pid, dataFolder)) {
    log.info({ pid }, 'stopping the PostgreSQL that an earlier run left behind');
    await stopServer(pid);
    return;
  }
  await disown(pidPath, content);
}

async function isServerOf(pid: number, dataFolder: string): Promise<boolean> {
  if ((await processIdentity(pid)) === undefined) return false;
  if (process.platform === 'win32') return true;
  const command = await commandLine(pid);
  return command.includes('postgres') && command.includes(dataFolder);
}

/**
 * After a crash the id in postmaster.pid may belong to a stranger, or to an unreaped corpse, and PostgreSQL
 * would refuse to start. It ignores its parent's id, so we write ours and keep the other lines: they let it
 * check that no backend of the dead server is still at work.
 */
async function disown(pidPath: string, content: string): Promise<void> {
  await writeFile(pidPath, content.replace(/^\d+/, String(process.pid)));
}

async function stopServer(pid: number): Promise<void> {
  signal(pid, 'SIGINT');
  if (await isGoneWithin(pid, FAST_STOP_MS)) return;
  signal(pid, 'SIGQUIT');
  if (await isGoneWithin(pid, IMMEDIATE_STOP_MS)) return;
  throw new AppError(
    'database_locked',
    `PostgreSQL of an earlier run (process ${pid}) does not stop: end it by hand and start again.`,
    { retryable: true },
  );
}

async function isGoneWithin(pid: number, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    if ((await processIdentity(pid)) === undefined) return true;
    await sleep(POLL_MS);
  }
  return false;
}

function signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ESRCH') return;
    throw new AppError(
      'database_locked',
      `PostgreSQL of an earlier run (process ${pid}) belongs to another user: stop it as that user and start again.`,
      { retryable: false, cause: error },
    );
  }
}
