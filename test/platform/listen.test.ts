import { sql } from 'kysely';
import { expect, it, vi } from 'vitest';
import { type Listener, listen } from '../../src/platform/postgres/listen.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { startSilentPostgres } from '../support/silent-postgres.ts';
import { testLogger } from '../support/world.ts';

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
  const silent = await startSilentPostgres();
  const { listener } = start(silent.url);
  await silent.connected;

  await listener.stop();
  await silent.close();
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
