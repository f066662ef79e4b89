import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { RunningServer } from './embedded-server.ts';

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 2_000;
/** A server that ran this long was healthy: its next end starts counting afresh. */
const HEALTHY_MS = 10_000;

export interface Supervisor {
  stop(): Promise<void>;
}

/** Starts a server and starts it again whenever it ends unasked. Only the first start can throw. */
export async function superviseServer(
  launch: () => Promise<RunningServer>,
  log: Pick<Logger, 'warn' | 'info'>,
): Promise<Supervisor> {
  const stopping = new AbortController();
  const first = await launch();
  const watching = keepRunning(first, launch, stopping.signal, log);
  return {
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}

async function keepRunning(
  first: RunningServer,
  launch: () => Promise<RunningServer>,
  stopping: AbortSignal,
  log: Pick<Logger, 'warn' | 'info'>,
): Promise<void> {
  const asked = new Promise<'asked'>((resolve) => {
    stopping.addEventListener('abort', () => resolve('asked'), { once: true });
  });
  let server: RunningServer | undefined = first;
  let delayMs = FIRST_DELAY_MS;
  while (!stopping.aborted) {
    if (server) {
      const startedAt = performance.now();
      const how = await Promise.race([server.ended, asked]);
      if (stopping.aborted) break;
      if (performance.now() - startedAt > HEALTHY_MS) delayMs = FIRST_DELAY_MS;
      log.warn({ how }, 'PostgreSQL ended unasked, starting it again');
    }
    await Promise.race([sleep(delayMs), asked]);
    delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    if (stopping.aborted) break;
    server = await launch().catch((error: unknown) => {
      log.warn({ err: error }, 'PostgreSQL did not start again yet');
      return undefined;
    });
    if (server) log.info({ pid: server.pid }, 'PostgreSQL runs again');
  }
  await server?.stop();
}
