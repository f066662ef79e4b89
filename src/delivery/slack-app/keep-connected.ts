import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '@slack/bolt';
import type { Logger } from '../../platform/logger.ts';
import { describeError } from '../listeners/describe-error.ts';

const LONGEST_WAIT_MS = 30_000;

/** Socket Mode: connects in the background and tries again while Slack cannot be reached. */
export function keepConnected(app: App, log: Logger) {
  const stopping = new AbortController();

  async function connect(): Promise<void> {
    for (
      let waitMs = 500;
      !stopping.signal.aborted;
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
    ) {
      try {
        await app.start();
        return;
      } catch (error) {
        log.warn({ err: describeError(error), waitMs }, 'Slack socket not connected, trying again');
        await wait(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  return {
    start() {
      void connect();
    },
    async stop() {
      // A start in progress may wait for Slack for long: it is left, not awaited.
      stopping.abort();
      await app.stop().catch(() => undefined);
    },
  };
}
