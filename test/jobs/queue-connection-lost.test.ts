import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createQueueBackend, type QueueBackend } from '../../src/jobs/backend.ts';
import { createProducer, type Producer } from '../../src/jobs/producer.ts';
import { type LeadWorker, startLeadWorker } from '../../src/jobs/worker.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { type PostgresProxy, startPostgresProxy } from '../support/reliability/postgres-proxy.ts';
import { testLogger } from '../support/world.ts';

const WAIT = { timeout: 20_000, interval: 50 };

let database: TestDatabase;
let proxy: PostgresProxy;
let backend: QueueBackend;
let producer: Producer | undefined;
let worker: LeadWorker | undefined;
const handled: string[] = [];
const uncaught: string[] = [];
const notice = (error: Error) => uncaught.push(error.message);

beforeAll(async () => {
  process.on('uncaughtExceptionMonitor', notice);
  database = await createTestDatabase();
  proxy = await startPostgresProxy(database.url);
  const at = { redisUrl: undefined, databaseUrl: proxy.url };
  backend = await createQueueBackend(at, testLogger());
});
afterAll(async () => {
  await worker?.close();
  await producer?.close();
  await backend.close();
  await proxy.close();
  await database.drop();
  process.off('uncaughtExceptionMonitor', notice);
});

/** BullMQ holds a connection while it looks at its schema, and nobody but us listens to that one's errors. */
it('a queue connection that is cut in the middle of its work ends neither the process nor the queue', async () => {
  for (let cut = 0; cut < 2; cut += 1) {
    const trap = proxy.trap({ at: 'before', matches: () => true });
    if (cut === 0) producer = createProducer(backend, testLogger());
    else worker = startLeadWorker(backend, handlers, { concurrency: 2 }, testLogger());
    const asked = producer?.depth().catch(() => undefined);
    await trap.reached;
    proxy.cut();
    trap.release();
    await asked;
  }

  const subjectId = randomUUID();
  await vi.waitFor(() => producer?.enqueueNow([{ name: 'process-inbound', subjectId }]), WAIT);
  await vi.waitFor(() => expect(handled).toContain(subjectId), WAIT);
  expect(uncaught).toEqual([]);
}, 60_000);

const handlers = {
  processInbound: async (id: string) => {
    handled.push(id);
  },
  scoreLead: async () => undefined,
};
