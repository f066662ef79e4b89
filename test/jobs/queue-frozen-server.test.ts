import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createQueueBackend } from '../../src/jobs/backend.ts';
import { type SilentPostgres, startSilentPostgres } from '../support/silent-postgres.ts';
import { testLogger } from '../support/world.ts';

let frozen: SilentPostgres;

beforeEach(async () => {
  frozen = await startSilentPostgres();
});
afterEach(async () => {
  vi.useRealTimers();
  await frozen.close();
});

it('gives up on a Postgres that takes the connection and says nothing', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const databaseUrl = frozen.url;
  const opened = createQueueBackend({ redisUrl: undefined, databaseUrl }, testLogger());
  const outcome = opened.then(
    () => 'opened',
    (error: Error) => error.message,
  );
  await frozen.connected;

  vi.advanceTimersByTime(10_000);

  expect(await outcome).toMatch(/timeout/);
});
