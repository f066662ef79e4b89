import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { effort, isLongRun, seed } from '../support/effort.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { createLeadLoad, type LeadLoad } from '../support/reliability/lead-load.ts';
import { createLoadWorld, type LoadWorld } from '../support/reliability/load-world.ts';
import { drawBoards, expectNothingLost } from '../support/reliability/nothing-lost.ts';
import { createRandom } from '../support/reliability/random.ts';
import { nothingLeft } from '../support/world.ts';

/* A queue that is emptied, or away for a while, is rebuilt from Postgres by itself, without a restart. */

const LEADS = effort(60, 600);
const TEAMS = effort(4, 12);
const REBUILT_WITHIN_MS = 60_000;
const TIMES_EMPTIED = 3;

const redis: TestRedis | null = isLongRun ? await startTestRedis() : null;
afterAll(() => redis?.stop());

let world: LoadWorld;
let load: LeadLoad;
afterEach(() => world.close());

async function start(redisUrl: string | undefined): Promise<void> {
  world = await createLoadWorld({ redisUrl, teams: TEAMS, rateLimits: 'off' });
  load = createLeadLoad(createRandom(seed), world.teams);
}

async function send(count: number): Promise<void> {
  await Promise.all(load.batch(count).map((lead) => world.sender.send(lead)));
}

async function expectAllDelivered(withinMs: number): Promise<void> {
  await nothingLeft(world.database, ['events', 'leads'], withinMs);
  const accounts = { ...world, acknowledged: world.sender.acknowledged };
  await drawBoards(accounts);
  await nothingLeft(world.database, ['effects'], REBUILT_WITHIN_MS);
  await expectNothingLost(accounts);
}

/** Runs `work` while scoring is under way and cannot end: jobs are active in the queue. */
async function whileJobsAreActive(work: () => Promise<void>): Promise<void> {
  const { db } = world.database;
  await db.transaction().execute(async (trx) => {
    await sql`lock table assessments in access exclusive mode`.execute(trx);
    await expect.poll(() => waitingForLock(), { timeout: 10_000 }).toBeGreaterThan(0);
    await work();
  });
}

async function waitingForLock(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'
  `.execute(world.database.db);
  return rows[0]?.count ?? 0;
}

async function emptyWhileActive(empty: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < TIMES_EMPTIED; time += 1) {
    const sent = send(LEADS / TIMES_EMPTIED);
    await whileJobsAreActive(async () => {
      await empty();
    });
    await sent;
  }
}

describe.skipIf(redis === null)(`queue on Redis (seed ${seed})`, () => {
  beforeEach(() => start(redis?.url));

  it('FLUSHALL with jobs active: all done within a minute, nothing twice', async () => {
    const client = new Redis(redis?.url ?? '');
    await emptyWhileActive(() => client.flushall());
    client.disconnect();

    await expectAllDelivered(REBUILT_WITHIN_MS);
  }, 180_000);

  it('Redis is gone for a while: webhooks are taken all the same, and worked off later', async () => {
    await send(LEADS / 3);
    await redis?.kill();
    await send(LEADS / 3);
    expect(world.sender.refusals).toEqual(new Map());
    await redis?.restart();
    await send(LEADS / 3);

    await expectAllDelivered(REBUILT_WITHIN_MS);
  }, 180_000);
});

describe(`queue on Postgres (seed ${seed})`, () => {
  beforeEach(() => start(undefined));

  it('its tables are emptied with jobs active: all done within a minute, nothing twice', async () => {
    await emptyWhileActive(() => emptyTables());

    await expectAllDelivered(REBUILT_WITHIN_MS);
  }, 180_000);
});

async function emptyTables(): Promise<void> {
  await sql`truncate bullmq.job, bullmq.event, bullmq.job_dependency, bullmq.job_log, bullmq.dedup,
    bullmq.dedup_next, bullmq.metrics, bullmq.rate_limit, bullmq.scheduler cascade`.execute(
    world.database.db,
  );
}
