import { Client } from 'pg';
import type { Logger } from '../logger.ts';
import { createWakeSignal } from '../wake-signal.ts';

export interface ListenOptions {
  connectionString: string;
  channel: string;
  log: Logger;
  onNotify(payload: string): void;
  /** After every (re)connection: what was notified meanwhile is lost, so look for yourself. */
  onConnect?(): void;
  retryMs?: number;
}

export interface Listener {
  stop(): Promise<void>;
}

/** A server that takes connections and says nothing, as a frozen one does, is tried again. */
const CONNECT_MS = 10_000;

/** LISTEN on a connection of its own, which comes back by itself after a restart of Postgres. */
export function listen(options: ListenOptions): Listener {
  const signal = createWakeSignal();
  let stopping = false;
  let client: Client | undefined;

  async function connectOnce(): Promise<void> {
    const closed = Promise.withResolvers<void>();
    const current = new Client({
      connectionString: options.connectionString,
      application_name: `firstcall listen ${options.channel}`,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_MS,
    });
    client = current;
    current.on('error', (error) => {
      options.log.warn({ err: error, channel: options.channel }, 'listen connection lost');
      closed.resolve();
    });
    current.on('end', () => closed.resolve());
    current.on('notification', (message) => options.onNotify(message.payload ?? ''));
    try {
      // Ended while it connects, it never says how that went.
      await Promise.race([current.connect(), closed.promise]);
      if (stopping) return;
      await current.query(`listen ${current.escapeIdentifier(options.channel)}`);
      options.onConnect?.();
      await closed.promise;
    } finally {
      await current.end().catch(() => undefined);
    }
  }

  async function run(): Promise<void> {
    while (!stopping) {
      await connectOnce().catch((error: unknown) => {
        options.log.warn({ err: error, channel: options.channel }, 'cannot listen, trying again');
      });
      if (!stopping) await signal.sleep(options.retryMs ?? 500);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping = true;
      signal.wake();
      await client?.end().catch(() => undefined);
      await running;
    },
  };
}
