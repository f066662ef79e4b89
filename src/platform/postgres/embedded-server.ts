import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import type { ServerAccount } from './embedded-account.ts';

const POLL_MS = 20;
/** Recovery after a crash replays at most about a gigabyte of log. */
const READY_LIMIT_MS = 180_000;
const FAST_STOP_MS = 20_000;

export interface ServerOptions {
  program: string;
  folder: string;
  account: ServerAccount | undefined;
  durable: boolean;
  port: number;
}

export interface RunningServer {
  pid: number;
  /** Resolves when the server process has ended, whoever ended it: 'exit code 1', 'SIGKILL'. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/** Starts PostgreSQL and waits until it takes connections. Throws `database_unavailable`. */
export async function launchServer(options: ServerOptions): Promise<RunningServer> {
  const child = await spawnServer(options);
  const ended = whenEnded(child);
  const pid = child.pid;
  if (pid === undefined) throw await startFailure(options, await ended);
  // Whatever ends this process by the usual ways must not leave a server behind.
  const onExit = () => child.kill('SIGINT');
  process.once('exit', onExit);
  void ended.then(() => process.off('exit', onExit));
  const server = { pid, ended, stop: () => stopChild(child, ended) };
  const failure = await Promise.race([ended, whenReady(pid, options.folder)]);
  if (failure === 'ready') return server;
  await server.stop();
  throw await startFailure(options, failure);
}

async function spawnServer(options: ServerOptions): Promise<ChildProcess> {
  const logPath = join(options.folder, 'server.log');
  // One log per start and the one before: a file, since a pipe would break when we are killed.
  await rename(logPath, `${logPath}.1`).catch(() => undefined);
  const output = await open(logPath, 'a', 0o600);
  try {
    return spawn(options.program, serverArguments(options), {
      ...options.account,
      // A session of its own: Ctrl-C must reach our drain first, which still needs the database.
      detached: true,
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', output.fd, output.fd],
    });
  } finally {
    await output.close();
  }
}

function serverArguments({ folder, port, durable }: ServerOptions): string[] {
  const onOff = durable ? 'on' : 'off';
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: onOff,
    full_page_writes: onOff,
    // Also without fsync: what was committed then survives the death of the server, only not of the machine.
    synchronous_commit: 'on',
    max_connections: 100,
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    // Statements may hold personal data and the server's log is nobody's to redact.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    cluster_name: 'firstcall',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', join(folder, 'data'), ...flags];
}

function whenEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

/** PostgreSQL writes its state into the eighth line of its pid file, as pg_ctl reads it. */
async function whenReady(pid: number, folder: string): Promise<string> {
  const deadline = performance.now() + READY_LIMIT_MS;
  while (performance.now() < deadline) {
    const text = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
    const lines = text.split('\n');
    if (lines[0] === String(pid) && lines[7]?.trim() === 'ready') return 'ready';
    await sleep(POLL_MS);
  }
  return `not ready after ${READY_LIMIT_MS / 1000} seconds`;
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), FAST_STOP_MS);
  await ended;
  clearTimeout(timer);
}

async function startFailure(options: ServerOptions, how: string): Promise<AppError> {
  const text = await readFile(join(options.folder, 'server.log'), 'utf8').catch(() => '');
  return new AppError('database_unavailable', explainStart(options, text, how), {
    retryable: !/No space left|Permission denied/.test(text),
    cause: new Error(text.split('\n').slice(-15).join('\n') || how),
  });
}

function explainStart({ folder, port }: ServerOptions, text: string, how: string): string {
  if (text.includes('Address already in use')) {
    return `Port ${port} of this machine is taken by another program: choose another one for the database.`;
  }
  if (text.includes('No space left')) {
    return 'PostgreSQL cannot start because the disk is full: free some space and start again.';
  }
  if (/could not (map|create|resize) .*shared memory/.test(text)) {
    return 'PostgreSQL cannot start because memory is short: free some and start again.';
  }
  const fatal = text.split('\n').findLast((line) => /FATAL|PANIC/.test(line));
  const reason = fatal?.replace(/^.*?(FATAL|PANIC):\s*/, '') ?? how;
  return `PostgreSQL did not start (${reason}): see ${join(folder, 'server.log')}, or set DATABASE_URL.`;
}
