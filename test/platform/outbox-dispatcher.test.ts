import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/platform/clock.ts';
import { createDispatcher, type Dispatcher } from '../../src/platform/dispatcher.ts';
import type { EffectLane, EffectOutcome } from '../../src/platform/effect-outcome.ts';
import { AppError } from '../../src/platform/errors.ts';
import { claimDue, type EffectClaim, enqueueEffect, PRIORITY } from '../../src/platform/outbox.ts';
import { type Listener, listen } from '../../src/platform/postgres/listen.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const log = pino({ level: 'silent' });
let database: TestDatabase;
const running: { stop(timeoutMs: number): Promise<unknown> }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.db.deleteFrom('outbox').execute());
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop(1_000);
});

type Handler = (claim: EffectClaim) => Promise<EffectOutcome>;

function laneOf(handle: Handler, lane: Partial<EffectLane> = {}): EffectLane {
  return {
    name: 'slack',
    batchSize: 1,
    concurrency: 2,
    ready: async () => true,
    async handle(claims) {
      const entries = claims.map(async (claim) => [claim.id, await handle(claim)] as const);
      return new Map(await Promise.all(entries));
    },
    ...lane,
  };
}

function dispatch(lane: EffectLane, options: object = {}): Dispatcher {
  const dispatcher = createDispatcher({
    lane,
    db: database.db,
    clock: systemClock,
    log,
    random: () => 0,
    pollMs: 20,
    ...options,
  });
  running.push(dispatcher);
  dispatcher.start();
  return dispatcher;
}

async function owe(key: string, dueAt = new Date(), kind = 'test'): Promise<void> {
  const now = new Date();
  const effect = { key, lane: 'slack', kind, payload: {}, traceId: 'trace' } as const;
  await database.db
    .transaction()
    .execute((trx) => enqueueEffect(trx, { ...effect, dueAt, priority: PRIORITY.ordinary, now }));
}

async function stateOf(key: string): Promise<string | undefined> {
  const row = await database.db
    .selectFrom('outbox')
    .select('state')
    .where('key', '=', key)
    .executeTakeFirst();
  return row?.state;
}

async function until(condition: () => unknown | Promise<unknown>): Promise<void> {
  await vi.waitFor(async () => expect(await condition()).toBeTruthy(), {
    timeout: 10_000,
    interval: 10,
  });
}

test('sends what is due and records what the handler wants recorded, in one transaction', async () => {
  await owe('a');
  dispatch(
    laneOf(async () => ({
      kind: 'done',
      record: async (trx) => {
        const row = { key: 'sent', value: '1', updated_by: 'test', updated_at: new Date() };
        await trx.insertInto('settings').values(row).execute();
      },
    })),
  );

  await until(async () => (await stateOf('a')) === 'done');
  const rows = await database.db
    .selectFrom('settings')
    .select('key')
    .where('key', '=', 'sent')
    .execute();
  expect(rows.length).toBe(1);
});

test('a decision that holds what the record needs may ask for the same effect: nobody waits for ever', async () => {
  await database.db
    .insertInto('settings')
    .values({ key: 'lead', value: '1', updated_by: 'test', updated_at: new Date() })
    .execute();
  const lock = sql`select 1 from settings where key = 'lead' for update`;
  const recording = Promise.withResolvers<void>();
  await owe('a');
  const decision = database.db.transaction().execute(async (trx) => {
    await lock.execute(trx);
    dispatch(
      laneOf(async () => ({
        kind: 'done',
        record: async (inner) => {
          recording.resolve();
          await lock.execute(inner);
        },
      })),
    );
    await recording.promise;
    await until(async () => {
      const waiting = await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock'
        and datname = current_database()`.execute(database.db);
      return waiting.rows.length === 1;
    });
    // A person is waiting: not even until PostgreSQL notices a deadlock.
    await sql`set local lock_timeout = '500ms'`.execute(trx);
    const now = new Date();
    const effect = { key: 'a', lane: 'slack', kind: 'test', payload: {}, traceId: 't' } as const;
    await enqueueEffect(trx, { ...effect, dueAt: now, priority: PRIORITY.decision, now });
  });

  await expect(decision).resolves.toBeUndefined();
  await until(async () => (await stateOf('a')) === 'done');
});

test('waits for the due time', async () => {
  const sentAt: number[] = [];
  const dueAt = new Date(Date.now() + 150);
  await owe('later', dueAt);
  dispatch(
    laneOf(async () => {
      sentAt.push(Date.now());
      return { kind: 'done' };
    }),
  );

  await until(() => sentAt.length === 1);
  expect(sentAt[0]).toBeGreaterThanOrEqual(dueAt.getTime());
});

test('two dispatchers on one database share the work and send nothing twice', async () => {
  const sent: string[] = [];
  for (let index = 0; index < 40; index += 1) await owe(`k${index}`);
  const lane = laneOf(async (claim) => {
    sent.push(claim.key);
    return { kind: 'done' };
  });
  dispatch(lane);
  dispatch(lane);

  await until(() => sent.length >= 40);
  expect(new Set(sent).size).toBe(40);
  expect(sent.length).toBe(40);
});

test('a poison row is put aside with a notice for the admins, and never holds up others', async () => {
  await owe('poison');
  const dispatcher = dispatch(
    laneOf(async (claim) => {
      if (claim.key !== 'poison') return { kind: 'done' };
      return {
        kind: 'retry',
        error: new AppError('unexpected', 'always', { retryable: true }),
        at: new Date(),
      };
    }),
    { maxAttempts: 3 },
  );
  await owe('good');
  dispatcher.wake();

  await until(async () => (await stateOf('poison')) === 'failed');
  expect(await stateOf('good')).toBe('done');
  const notice = await database.db
    .selectFrom('outbox')
    .select(['payload', 'kind'])
    .where('key', 'like', 'notice:admins:effect_failed:%')
    .executeTakeFirstOrThrow();
  expect(notice).toMatchObject({
    kind: 'slack.notice',
    payload: { userId: 'admins', effectKind: 'test', code: 'unexpected' },
  });
});

test('an outage is waited out: however many attempts, the row is not put aside', async () => {
  let calls = 0;
  await owe('a');
  const error = new AppError('slack_unavailable', 'down', { retryable: true });
  dispatch(
    laneOf(async () => {
      calls += 1;
      return calls < 12 ? { kind: 'retry', error, at: new Date() } : { kind: 'done' };
    }),
    { maxAttempts: 3 },
  );

  await until(async () => (await stateOf('a')) === 'done');
});

test('a handler that throws leaves the row unknown: nobody knows how far it got', async () => {
  await owe('a');
  dispatch(laneOf(() => Promise.reject(new Error('broken'))));

  await until(async () => (await stateOf('a')) === 'unknown');
});

test('a notice that cannot be sent makes no notice about itself', async () => {
  await owe('notice:x', new Date(), 'slack.notice');
  const error = new AppError('slack_rejected', 'no', { retryable: false });
  dispatch(laneOf(async () => ({ kind: 'failed', error })));

  await until(async () => (await stateOf('notice:x')) === 'failed');
  const rows = await database.db.selectFrom('outbox').select('key').execute();
  expect(rows).toEqual([{ key: 'notice:x' }]);
});

test('claims nothing while the lane is not ready', async () => {
  let ready = false;
  await owe('a');
  const dispatcher = dispatch(laneOf(async () => ({ kind: 'done' }), { ready: async () => ready }));
  await owe('b');
  dispatcher.wake();
  expect(await stateOf('a')).toBe('due');

  ready = true;
  dispatcher.wake();

  await until(async () => (await stateOf('a')) === 'done' && (await stateOf('b')) === 'done');
});

test('the only process takes over what it left in sending at once; others wait for the lease', async () => {
  await owe('a');
  await claimDue(database.db, 'slack', new Date(Date.now() + 1), 1);
  await sql`update outbox set attempted_at = now() - interval '10 seconds'`.execute(database.db);
  const unknown: boolean[] = [];
  const lane = laneOf(async (claim) => {
    unknown.push(claim.unknownSince !== null);
    return { kind: 'done' };
  });

  const patient = dispatch(lane);
  await owe('b');
  patient.wake();
  await until(async () => (await stateOf('b')) === 'done');
  expect(await stateOf('a')).toBe('sending');
  await patient.stop(1_000);

  dispatch(lane, { alone: true });
  await until(async () => (await stateOf('a')) === 'done');
  expect(unknown).toEqual([false, true]);
});

test('stop waits for what is being sent, but not for ever', async () => {
  const gate = Promise.withResolvers<void>();
  await owe('a');
  const lane = laneOf(async () => {
    await gate.promise;
    return { kind: 'done' };
  });
  const dispatcher = dispatch(lane);
  await until(async () => (await stateOf('a')) === 'sending');

  expect(await dispatcher.stop(30)).toBe(false);
  gate.resolve();
  expect(await dispatcher.stop(5_000)).toBe(true);
  expect(await stateOf('a')).toBe('done');
});

test('goes on by itself after every database connection was cut, notifications included', async () => {
  const notified: string[] = [];
  let connections = 0;
  const dispatcher = dispatch(
    laneOf(async () => ({ kind: 'done' })),
    { pollMs: 60_000 },
  );
  const listener: Listener = listen({
    connectionString: database.url,
    channel: 'outbox',
    log,
    retryMs: 10,
    onNotify(payload) {
      notified.push(payload);
      dispatcher.wake();
    },
    onConnect: () => {
      connections += 1;
    },
  });
  running.push(listener);
  await until(() => connections === 1);

  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(database.db);
  await until(() => connections === 2);
  await owe('a');

  await until(async () => (await stateOf('a')) === 'done');
  expect(notified).toContain('slack');
});
