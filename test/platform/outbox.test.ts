import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  claimDue,
  completeEffect,
  deferEffect,
  type EffectClaim,
  type EffectRequest,
  enqueueEffect,
  failEffect,
  LOOK_AFTER_MS,
  markUnknown,
  PRIORITY,
  recoverEffects,
  retryEffect,
} from '../../src/platform/outbox.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const LEASE_MS = 60_000;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.db.deleteFrom('outbox').execute());

function later(ms: number): Date {
  return new Date(NOW.getTime() + ms);
}

async function enqueue(request: Partial<EffectRequest> = {}): Promise<void> {
  const effect: EffectRequest = {
    key: 'board:C1',
    lane: 'slack',
    kind: 'slack.board',
    payload: { channelId: 'C1' },
    dueAt: NOW,
    priority: PRIORITY.ordinary,
    traceId: 'trace',
    now: NOW,
    ...request,
  };
  await database.db.transaction().execute((trx) => enqueueEffect(trx, effect));
}

async function claimOne(now = NOW): Promise<EffectClaim> {
  const [claim] = await claimDue(database.db, 'slack', now, 1);
  if (claim === undefined) throw new Error('nothing was due');
  return claim;
}

async function row() {
  return database.db
    .selectFrom('outbox')
    .select(['state', 'priority', 'attempts', 'unknown_since'])
    .select(['wanted_revision', 'sent_revision', 'payload', 'last_error'])
    .select((eb) => eb.cast<string>('due_at', 'text').as('due_at'))
    .executeTakeFirstOrThrow();
}

async function dueMs(): Promise<number> {
  return Date.parse((await row()).due_at) - NOW.getTime();
}

test('asking again raises the wanted revision and keeps the earliest time and the highest priority', async () => {
  await enqueue({ dueAt: later(30_000), priority: PRIORITY.ordinary });
  await enqueue({ dueAt: later(1_000), priority: PRIORITY.decision, payload: { more: 'x' } });
  await enqueue({ dueAt: later(50_000), priority: PRIORITY.hot });

  expect(await row()).toMatchObject({
    state: 'due',
    wanted_revision: 3,
    priority: PRIORITY.decision,
    payload: { channelId: 'C1', more: 'x' },
  });
  expect(await dueMs()).toBe(1_000);
});

test('claims what is due, decisions first, each row once', async () => {
  await enqueue({ key: 'late', dueAt: later(1) });
  await enqueue({ key: 'ordinary', dueAt: later(-10_000) });
  await enqueue({ key: 'hot', priority: PRIORITY.hot });
  await enqueue({ key: 'decision', priority: PRIORITY.decision });
  await enqueue({ key: 'crm', lane: 'crm' });

  const claims = await Promise.all([1, 2].map(() => claimDue(database.db, 'slack', NOW, 2)));

  expect(
    claims
      .flat()
      .map((claim) => claim.key)
      .sort(),
  ).toEqual(['decision', 'hot', 'ordinary']);
  expect((await claimDue(database.db, 'slack', NOW, 5)).length).toBe(0);
});

test('orders a batch by priority, then by due time', async () => {
  await enqueue({ key: 'ordinary', dueAt: later(-10_000) });
  await enqueue({ key: 'second', priority: PRIORITY.decision });
  await enqueue({ key: 'first', priority: PRIORITY.decision, dueAt: later(-5) });

  const claims = await claimDue(database.db, 'slack', NOW, 5);

  expect(claims.map((claim) => claim.key)).toEqual(['first', 'second', 'ordinary']);
});

test('asked for while it is being sent: stays with its sender, then due again at the new time', async () => {
  await enqueue({ dueAt: later(-60_000), priority: PRIORITY.decision });
  const claim = await claimOne();
  await enqueue({ dueAt: later(30_000), priority: PRIORITY.ordinary });
  expect((await row()).state).toBe('sending');

  expect(await completeEffect(database.db, claim, NOW)).toBe(true);

  expect(await row()).toMatchObject({
    state: 'due',
    sent_revision: 1,
    wanted_revision: 2,
    priority: PRIORITY.ordinary,
  });
  expect(await dueMs()).toBe(30_000);
});

test('done when nothing newer is wanted, and due again when it is asked for anew', async () => {
  await enqueue({ priority: PRIORITY.decision });
  await completeEffect(database.db, await claimOne(), NOW);
  expect(await row()).toMatchObject({ state: 'done', attempts: 0, sent_revision: 1 });

  await enqueue({ dueAt: later(5_000), priority: PRIORITY.ordinary });

  expect(await row()).toMatchObject({ state: 'due', priority: PRIORITY.ordinary });
  expect(await dueMs()).toBe(5_000);
});

test('a sender whose lease ended cannot settle the row any more', async () => {
  await enqueue();
  const frozen = await claimOne();
  await recoverEffects(database.db, 'slack', later(LEASE_MS), LEASE_MS);
  const second = await claimOne(later(LEASE_MS));

  expect(second.unknownSince).toEqual(NOW);
  expect(await completeEffect(database.db, frozen, later(LEASE_MS))).toBe(false);
  expect((await row()).state).toBe('sending');
  expect(await completeEffect(database.db, second, later(LEASE_MS))).toBe(true);
});

test('a row left in sending becomes unknown after the lease, first in line, and not before', async () => {
  await enqueue();
  await claimOne();

  expect(await recoverEffects(database.db, 'slack', later(LEASE_MS - 1), LEASE_MS)).toBe(0);
  expect(await recoverEffects(database.db, 'slack', later(LEASE_MS), LEASE_MS)).toBe(1);

  expect(await row()).toMatchObject({
    state: 'unknown',
    unknown_since: NOW,
    priority: PRIORITY.decision,
  });
});

test('what was cut off just now is not looked up before the other side can have finished', async () => {
  await enqueue();
  await claimOne();
  await recoverEffects(database.db, 'slack', later(1), 0);

  expect(await dueMs()).toBe(LOOK_AFTER_MS);
});

test('nor is it when somebody wishes for it anew meanwhile', async () => {
  await enqueue();
  await claimOne();
  await recoverEffects(database.db, 'slack', later(1), 0);
  await enqueue({ dueAt: later(2), priority: PRIORITY.decision });

  expect(await dueMs()).toBe(LOOK_AFTER_MS);
});

test('what is unknown stays so, from its first attempt, until an attempt is confirmed', async () => {
  await enqueue();
  await markUnknown(database.db, await claimOne(), later(1), 'timeout');
  await enqueue();
  expect((await row()).state).toBe('unknown');

  const second = await claimOne(later(LOOK_AFTER_MS));
  await retryEffect(database.db, second, later(6_000), 'lookup failed');
  expect(await row()).toMatchObject({ state: 'unknown', unknown_since: NOW });

  const third = await claimOne(later(6_000));
  await markUnknown(database.db, third, later(7_000), 'timeout again');
  expect((await row()).unknown_since).toEqual(NOW);

  await completeEffect(database.db, await claimOne(later(7_000)), later(7_000));
  expect(await row()).toMatchObject({ state: 'done', unknown_since: null, last_error: null });
});

test('putting off is not an attempt; a retry is', async () => {
  await enqueue({ priority: PRIORITY.decision });
  await deferEffect(database.db, await claimOne(), later(1));
  expect(await row()).toMatchObject({ state: 'due', attempts: 0, priority: PRIORITY.decision });

  await retryEffect(database.db, await claimOne(later(1)), later(2), 'no');
  expect(await row()).toMatchObject({ attempts: 1, last_error: 'no' });
});

test('a failed row is tried again at its time, or when it is asked for anew', async () => {
  await enqueue();
  await failEffect(database.db, await claimOne(), later(900_000), 'poison');
  expect((await claimDue(database.db, 'slack', later(1_000), 5)).length).toBe(0);
  expect((await row()).state).toBe('failed');

  await recoverEffects(database.db, 'slack', later(900_000), LEASE_MS);
  expect(await row()).toMatchObject({ state: 'due', attempts: 0 });

  await failEffect(database.db, await claimOne(later(900_000)), later(9e6), 'poison');
  await enqueue({ dueAt: later(900_001) });
  expect(await row()).toMatchObject({ state: 'due', attempts: 0 });
});

test('a failed row of unknown outcome is still looked up first', async () => {
  await enqueue();
  await markUnknown(database.db, await claimOne(), NOW, 'timeout');
  await failEffect(database.db, await claimOne(), later(1), 'rejected');
  await enqueue();

  expect((await row()).state).toBe('unknown');
});

test('an effect that is rolled back was never owed', async () => {
  const failing = database.db.transaction().execute(async (trx) => {
    await enqueueEffect(trx, {
      key: 'board:C2',
      lane: 'slack',
      kind: 'slack.board',
      payload: {},
      dueAt: NOW,
      priority: PRIORITY.ordinary,
      traceId: 'trace',
      now: NOW,
    });
    throw new Error('the cause failed');
  });
  await expect(failing).rejects.toThrow('the cause failed');

  expect(await claimDue(database.db, 'slack', NOW, 5)).toEqual([]);
});
