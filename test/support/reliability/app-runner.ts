import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../../src/app.ts';

const ENTRY = join(import.meta.dirname, 'app-process.ts');
/** Kept between processes: loading the app is most of what a restart costs. */
const COMPILED = join(tmpdir(), 'firstcall-compiled');

export interface AppRunner {
  /** Starts the app; resolves to its address when it takes webhooks. */
  start(): Promise<string>;
  /** kill -9, as nobody can catch it. */
  kill(): Promise<void>;
  /** The friendly way: drains first. */
  stop(): Promise<void>;
}

interface Loaded {
  child: ChildProcess;
  loaded: Promise<unknown>;
}

interface AppMessage {
  kind: string;
  url?: string;
}

/** Runs one app process after the other. The next one is always loaded already, so a restart takes no second. */
export function createAppRunner(
  env: Record<string, string>,
  options: { standby: boolean; role?: Role } = { standby: true },
): AppRunner {
  let next: Loaded | undefined = load(env);
  let running: ChildProcess | undefined;

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (running) await endProcess(running, signal);
    running = undefined;
  }

  return {
    async start() {
      const { child, loaded } = next ?? load(env);
      next = undefined;
      await loaded;
      running = child;
      const started = messageOf(child, 'started');
      child.send({ kind: 'start', role: options.role ?? 'all' });
      const { url = '' } = await started;
      if (options.standby) next = load(env);
      return url;
    },
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM');
      if (next) await endProcess(next.child, 'SIGKILL');
      next = undefined;
    },
  };
}

function load(env: Record<string, string>): Loaded {
  const child = spawn(process.execPath, ['--no-warnings', ENTRY], {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const loaded = messageOf(child, 'loaded');
  // One that is ended while it waits for its turn is nobody's failure.
  loaded.catch(() => undefined);
  return { child, loaded };
}

function messageOf(child: ChildProcess, kind: string): Promise<AppMessage> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: AppMessage) => {
      if (message.kind === kind) resolve(message);
    });
    child.once('exit', (code) => reject(new Error(`the app ended with ${code} before "${kind}"`)));
  });
}

async function endProcess(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}
