import { createServer, type Server, type Socket } from 'node:net';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Listener, listen } from '../../src/platform/postgres/listen.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { testLogger } from '../support/world.ts';

let silent: Server;
let sockets: Socket[];

/** Takes connections and never answers, as a frozen Postgres does. */
beforeEach(async () => {
  sockets = [];
  silent = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    sockets.push(socket);
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
});

function start(connectionString: string): { listener: Listener; heard: string[] } {
  const heard: string[] = [];
  const listener = listen({
    ...{ connectionString, channel: 'test-news', log: testLogger(), retryMs: 10 },
    onNotify: (payload) => heard.push(payload),
    onConnect: () => heard.push('connected'),
  });
  return { listener, heard };
}

it('stops while it connects', async () => {
  const { port } = silent.address() as { port: number };
  const { listener } = start(`postgres://postgres@127.0.0.1:${port}/none`);
  await vi.waitFor(() => expect(sockets).toHaveLength(1));

  await listener.stop();
});

it('hears what is notified, and stops', async () => {
  const database = await createTestDatabase();
  const { listener, heard } = start(database.url);
  await vi.waitFor(() => expect(heard).toEqual(['connected']), 10_000);

  await sql`select pg_notify('test-news', 'hello')`.execute(database.db);

  await vi.waitFor(() => expect(heard).toEqual(['connected', 'hello']), 10_000);
  await listener.stop();
  await database.drop();
});
