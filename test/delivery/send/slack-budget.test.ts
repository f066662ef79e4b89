import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { BOARD_EVERY_MS, boardDueAt } from '../../../src/delivery/send/board-due-at.ts';
import { createSlackBudget } from '../../../src/delivery/send/slack-budget.ts';
import { createDispatcher } from '../../../src/platform/dispatcher.ts';
import { PRIORITY, type Priority } from '../../../src/platform/outbox.ts';
import { openDatabase } from '../../../src/platform/postgres/database.ts';
import { createCheckedWorkspace } from '../../support/checked-workspace.ts';
import { createMovableClock } from '../../support/movable-clock.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { createLaneHarness } from './slack-lane-harness.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const log = pino({ level: 'silent' });
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  for (const table of ['outbox', 'slack_messages', 'slack_calls', 'slack_backoffs'] as const) {
    await database.db.deleteFrom(table).execute();
  }
});

function later(ms: number): Date {
  return new Date(NOW.getTime() + ms);
}

async function takeMany(priority: Priority, count: number, now = NOW): Promise<number> {
  const budget = createSlackBudget(database.db);
  let taken = 0;
  for (let index = 0; index < count; index += 1) {
    if ((await budget.take('chat.update', `C${index}`, priority, now)).ok) taken += 1;
  }
  return taken;
}

test('ordinary refreshes leave updates for hot leads, and these for decisions: 30, 36, 40 a minute', async () => {
  expect(await takeMany(PRIORITY.ordinary, 50)).toBe(30);
  expect(await takeMany(PRIORITY.hot, 50)).toBe(6);
  expect(await takeMany(PRIORITY.decision, 50)).toBe(4);
});

test('says when the next call fits: as soon as enough old ones have left the minute', async () => {
  const budget = createSlackBudget(database.db);
  await takeMany(PRIORITY.ordinary, 10, NOW);
  await takeMany(PRIORITY.ordinary, 20, later(20_000));

  const full = await budget.take('chat.update', 'C1', PRIORITY.ordinary, later(30_000));
  expect(full).toEqual({ ok: false, retryAt: later(60_000) });
  expect((await budget.take('chat.update', 'C1', PRIORITY.ordinary, later(60_000))).ok).toBe(true);
});

test('one message a second in a channel, whoever asks at the same time', async () => {
  const other = openDatabase(database.url, {
    applicationName: 'second process',
    maxConnections: 5,
    log,
  });
  try {
    const budgets = [createSlackBudget(database.db), createSlackBudget(other)];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        budgets[index % 2]?.take('chat.postMessage', 'C1', PRIORITY.decision, NOW),
      ),
    );

    expect(answers.filter((answer) => answer?.ok).length).toBe(1);
    const elsewhere = await budgets[0]?.take('chat.postMessage', 'C2', PRIORITY.decision, NOW);
    expect(elsewhere?.ok).toBe(true);
  } finally {
    await other.destroy();
  }
});

test('a back-off holds for its method and channel, and is never shortened', async () => {
  const budget = createSlackBudget(database.db);
  await budget.backOff('chat.update', 'C1', later(30_000));
  await budget.backOff('chat.update', 'C1', later(10_000));

  const ask = (method: 'chat.update' | 'chat.postMessage', channel: string) =>
    budget.take(method, channel, PRIORITY.decision, NOW);
  expect(await ask('chat.update', 'C1')).toEqual({ ok: false, retryAt: later(30_000) });
  expect((await ask('chat.update', 'C2')).ok).toBe(true);
  expect((await ask('chat.postMessage', 'C1')).ok).toBe(true);
});

test('refusals in a row wait twice as long each time, up to a minute; an accepted call ends the row', async () => {
  const budget = createSlackBudget(database.db);
  let now = NOW;
  async function callAt(accepted: boolean): Promise<number> {
    const taken = await budget.take('chat.update', 'C1', PRIORITY.decision, now);
    expect(taken.ok).toBe(true);
    await budget.answered('chat.update', 'C1', accepted, now);
    if (accepted) return 0;
    const until = await budget.refused('chat.update', 'C1', 1_000, now);
    const waitMs = until.getTime() - now.getTime();
    now = until;
    return waitMs;
  }
  const waits: number[] = [];
  for (let call = 0; call < 8; call += 1) waits.push(await callAt(false));
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);

  await callAt(true);
  expect(await callAt(false)).toBe(1_000);
  const asked = await budget.refused('chat.update', 'C2', 90_000, now);
  expect(asked.getTime() - now.getTime()).toBe(90_000);
});

test('the next message of a channel waits a second from the answer to the last, however long that took', async () => {
  const budget = createSlackBudget(database.db);
  const ask = (ms: number) => budget.take('chat.postMessage', 'C1', PRIORITY.decision, later(ms));
  expect((await ask(0)).ok).toBe(true);
  expect(await ask(3_000)).toEqual({ ok: false, retryAt: later(4_100) });

  await budget.answered('chat.postMessage', 'C1', true, later(3_500));
  expect(await ask(4_000)).toEqual({ ok: false, retryAt: later(4_600) });
  expect((await ask(4_600)).ok).toBe(true);
  // Its process died: no answer ever comes.
  expect((await ask(19_000)).ok).toBe(true);
});

test('forgets calls that no window needs any more', async () => {
  await takeMany(PRIORITY.ordinary, 5);
  await takeMany(PRIORITY.ordinary, 1, later(180_000));

  const { count } = await database.db
    .selectFrom('slack_calls')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  expect(count).toBe(1);
});

test.each([
  { name: 'never sent', last: null, urgent: false, due: 0 },
  { name: 'sent just now', last: 0, urgent: false, due: BOARD_EVERY_MS },
  { name: 'sent long ago', last: -90_000, urgent: false, due: 0 },
  { name: 'a decision', last: 0, urgent: true, due: 0 },
])('a board is due: $name', ({ last, urgent, due }) => {
  const lastSentAt = last === null ? null : later(last);

  expect(boardDueAt(lastSentAt, NOW, urgent)).toEqual(later(due));
});

test('two dispatchers on one database keep the limits of Slack and send decisions first', async () => {
  const clock = createMovableClock();
  const channels = Array.from({ length: 36 }, (_, index) => ({ name: `team-${index}` }));
  const workspace = await createCheckedWorkspace({ clock, channels });
  const harnesses = [1, 2].map(() => createLaneHarness({ db: database.db, workspace, clock }));
  const [first] = harnesses;
  if (first === undefined) throw new Error('no harness');
  const ids = channels.map(({ name }) => workspace.channelId(name));
  const show = (text: string): void => {
    for (const { boards } of harnesses) {
      for (const id of ids) boards.set(id, { text, ranked: [] });
    }
  };
  show('one');
  for (const channelId of ids) await first.owe('slack.board', { channelId });
  const dispatchers = harnesses.map(({ lane }) =>
    createDispatcher({ lane, db: database.db, clock, log, random: () => 0, pollMs: 20 }),
  );
  for (const dispatcher of dispatchers) dispatcher.start();
  try {
    const updates = () => workspace.journal.calls({ method: 'chat.update' });
    await vi.waitFor(() => expect(workspace.journal.posts().length).toBe(36), 15_000);
    clock.advance(BOARD_EVERY_MS);
    show('two');
    for (const channelId of ids) await first.owe('slack.board', { channelId });
    await vi.waitFor(() => expect(updates().length).toBe(30), 15_000);

    const urgent = ids[35] ?? '';
    show('three');
    await first.owe('slack.board', { channelId: urgent }, PRIORITY.decision);
    await vi.waitFor(() => expect(updates().length).toBe(31), 15_000);
    expect(updates().at(-1)?.channel).toBe(urgent);

    clock.advance(61_000);
    await vi.waitFor(() => expect(updates().length).toBeGreaterThan(31), 15_000);
    expect(workspace.journal.count({ ok: false })).toBe(0);
    expect(workspace.journal.duplicatePosts().size).toBe(0);
  } finally {
    for (const dispatcher of dispatchers) await dispatcher.stop(5_000);
    await workspace.close();
  }
});
