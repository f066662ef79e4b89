import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createQueueBackend, type QueueBackend } from '../../src/jobs/backend.ts';
import { createProducer, type Producer } from '../../src/jobs/producer.ts';
import { type LeadWorker, startLeadWorker } from '../../src/jobs/worker.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { testLogger } from '../support/world.ts';

const WAIT = { timeout: 20_000, interval: 50 };

/** The schema of the queue is away when they first connect, as a database is that is still starting. */
describe('a worker and a producer whose first connection failed', () => {
  let database: TestDatabase;
  let backend: QueueBackend;
  let producer: Producer;
  let worker: LeadWorker;
  const handled: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    backend = await createQueueBackend(
      { redisUrl: undefined, databaseUrl: database.url },
      testLogger(),
    );
    await sql`alter schema bullmq rename to away`.execute(database.db);
    producer = createProducer(backend, testLogger());
    const handlers = {
      processInbound: async (id: string) => {
        handled.push(id);
      },
      scoreLead: async () => undefined,
    };
    worker = startLeadWorker(backend, handlers, { concurrency: 2 }, testLogger());
  });
  afterAll(async () => {
    await worker.close();
    await producer.close();
    await backend.close();
    await database.drop();
  });

  it('leave the process free to do other things meanwhile', async () => {
    await expect(producer.depth()).rejects.toThrow();
    const before = performance.now();

    await delay(100);

    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('work once it is there, without a restart', async () => {
    await sql`alter schema away rename to bullmq`.execute(database.db);
    const subjectId = randomUUID();

    await vi.waitFor(() => producer.enqueueNow([{ name: 'process-inbound', subjectId }]), WAIT);

    await vi.waitFor(() => expect(handled).toContain(subjectId), WAIT);
  });
});
