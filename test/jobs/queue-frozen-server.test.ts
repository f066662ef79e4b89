import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createQueueBackend } from '../../src/jobs/backend.ts';
import { testLogger } from '../support/world.ts';

let frozen: Server;
let sockets: Socket[];

/** Takes connections and never answers. */
beforeEach(async () => {
  sockets = [];
  frozen = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    sockets.push(socket);
  });
  await new Promise<void>((resolve) => frozen.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  vi.useRealTimers();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => frozen.close(resolve));
});

it('gives up on a Postgres that takes the connection and says nothing', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { port } = frozen.address() as { port: number };
  const databaseUrl = `postgres://postgres@127.0.0.1:${port}/none`;
  const accepted = once(frozen, 'connection');
  const opened = createQueueBackend({ redisUrl: undefined, databaseUrl }, testLogger());
  const outcome = opened.then(
    () => 'opened',
    (error: Error) => error.message,
  );
  await accepted;

  vi.advanceTimersByTime(10_000);

  expect(await outcome).toMatch(/timeout/);
});
