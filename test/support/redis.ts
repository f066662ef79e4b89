import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';

export interface TestRedis {
  url: string;
  /** kill -9: what it holds in memory only is gone. */
  kill(): Promise<void>;
  /** Again on the same port, with what is on its disk. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A private Redis with the persistence that production asks for. Null, with a line that says so, on a
 * machine without redis-server: use `describe.skipIf(redis === null)`. In CI its absence is an error.
 */
export async function startTestRedis(): Promise<TestRedis | null> {
  if (!hasRedisServer()) {
    if (process.env.CI === 'true') throw new Error('redis-server is required in CI');
    process.stderr.write('SKIPPED: redis-server is not installed, so tests on Redis do not run.\n');
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), 'firstcall-redis-'));
  const port = await freePort();
  const launch = () => spawn('redis-server', redisArguments(port, folder), { stdio: 'ignore' });
  let child = launch();
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  const url = `redis://127.0.0.1:${port}`;
  await waitUntilReady(url);
  return {
    url,
    kill: () => end(child, 'SIGKILL'),
    async restart() {
      child = launch();
      await waitUntilReady(url);
    },
    stop: async () => {
      process.off('exit', onExit);
      await end(child, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function hasRedisServer(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function redisArguments(port: number, folder: string): string[] {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

async function waitUntilReady(url: string): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  try {
    // Asks again until it is there.
    await client.ping();
  } finally {
    client.disconnect();
  }
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}
