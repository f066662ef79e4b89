import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SlackWorkspace } from '../../../demo/slack/workspace.ts';
import { BOARD_EVERY_MS } from '../../../src/delivery/send/board-due-at.ts';
import { PRIORITY } from '../../../src/platform/outbox.ts';
import { createCheckedWorkspace } from '../../support/checked-workspace.ts';
import { createMovableClock } from '../../support/movable-clock.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { createLaneHarness, insertLead, type LaneHarness } from './slack-lane-harness.ts';

let database: TestDatabase;
let workspace: SlackWorkspace;
let harness: LaneHarness;
let channel: string;

beforeAll(async () => {
  database = await createTestDatabase();
  workspace = await createCheckedWorkspace({ rateLimits: 'off' });
});
afterAll(async () => {
  await workspace.close();
  await database.drop();
});

beforeEach(async () => {
  for (const table of ['outbox', 'slack_messages', 'slack_calls', 'slack_backoffs'] as const) {
    await database.db.deleteFrom(table).execute();
  }
  workspace.faults.clear();
  // The workspace's messages are of this machine's time, so each test begins there.
  const clock = createMovableClock();
  harness = createLaneHarness({ db: database.db, workspace, clock });
  channel = workspace.channelId('leads-enterprise');
  const { messages } = (await workspace.callAsInstaller('conversations.history', { channel }))
    .body as { messages: { ts: string }[] };
  for (const { ts } of messages) await deleteMessage(ts);
  workspace.journal.clear();
});

/** As a person with the right to, through Slack itself. */
async function deleteMessage(ts: string): Promise<void> {
  await fetch(`${workspace.apiUrl}chat.delete`, {
    method: 'POST',
    headers: { authorization: `Bearer ${workspace.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel, ts }),
  });
}

async function sendLater(ms = 30_000): Promise<void> {
  harness.clock.advance(ms);
  await harness.sendDue();
}

interface Shown {
  ts: string;
  text: string;
  subtype?: string;
  thread_ts?: string;
}

async function topLevel(): Promise<Shown[]> {
  const { body } = await workspace.callAsInstaller('conversations.history', { channel });
  return (body.messages as Shown[]).filter(({ subtype }) => subtype === undefined);
}

async function textsBelow(ts: string): Promise<string[]> {
  const { body } = await workspace.callAsInstaller('conversations.replies', { channel, ts });
  return (body.messages as Shown[]).filter((each) => each.ts !== ts).map((each) => each.text);
}

async function stateOf(key: string): Promise<string | undefined> {
  return (await harness.rows()).find((row) => row.key === key)?.state;
}

describe('the thread of a hot lead', () => {
  async function hotLead(): Promise<string> {
    const { leadId, assessmentId } = await insertLead(database.db);
    harness.hot.set(leadId, { channelId: channel, text: 'hot', assessmentId });
    await harness.owe('slack.hot', { leadId }, PRIORITY.hot);
    await harness.sendDue();
    return leadId;
  }

  async function happened(leadId: string, ...texts: string[]): Promise<void> {
    const before = harness.threads.get(leadId) ?? [];
    const added = texts.map((text) => ({ entry: `${leadId}:${text}`, text }));
    harness.threads.set(leadId, [...before, ...added]);
    await harness.owe('slack.thread', { leadId });
  }

  test('tells each thing once, together with what came meanwhile, and only in the thread', async () => {
    const leadId = await hotLead();
    await happened(leadId, 'accepted');
    await happened(leadId, 'undone');
    await sendLater(2_000);
    await happened(leadId, 'overridden');
    await sendLater(2_000);
    await harness.owe('slack.thread', { leadId });
    await sendLater(2_000);

    const [hot, ...others] = await topLevel();
    expect(others).toEqual([]);
    expect(await textsBelow(hot?.ts ?? '')).toEqual(['accepted | undone', 'overridden']);
    expect(workspace.journal.duplicatePosts().size).toBe(0);
  });

  test('there is none for a lead without a message of its own', async () => {
    const { leadId } = await insertLead(database.db);
    await happened(leadId, 'accepted');
    await harness.sendDue();

    expect(workspace.journal.all).toEqual([]);
    expect(await stateOf(`thread:${leadId}`)).toBe('done');
  });

  test.each(['drop-after-commit', 'drop-before'] as const)(
    '%s on an answer: it is looked for in the thread, and what came meanwhile follows',
    async (kind) => {
      const leadId = await hotLead();
      harness.clock.advance(2_000);
      workspace.faults.add({ operation: 'chat.postMessage', fault: { kind } });
      await happened(leadId, 'accepted');
      await harness.sendDue();
      expect(await stateOf(`thread:${leadId}`)).toBe('unknown');
      await happened(leadId, 'undone');
      await sendLater();
      await sendLater();

      const [hot] = await topLevel();
      const told = kind === 'drop-before' ? ['accepted | undone'] : ['accepted', 'undone'];
      expect(await textsBelow(hot?.ts ?? '')).toEqual(told);
      expect(workspace.journal.duplicatePosts().size).toBe(0);
      expect(await stateOf(`thread:${leadId}`)).toBe('done');
    },
  );

  test('killed between an answer and its record: it is not told again', async () => {
    const leadId = await hotLead();
    harness.clock.advance(2_000);
    await happened(leadId, 'accepted');
    await harness.sendAndDie();
    await harness.recover();
    await sendLater();

    const [hot] = await topLevel();
    expect(await textsBelow(hot?.ts ?? '')).toEqual(['accepted']);
  });

  test('a message that a person deleted comes back without a ping, for ever, and the thread goes on there', async () => {
    const leadId = await hotLead();
    const [first] = await topLevel();
    await deleteMessage(first?.ts ?? '');
    const lead = harness.hot.get(leadId);
    if (lead !== undefined) lead.text = 'rescored';
    await harness.owe('slack.hot', { leadId }, PRIORITY.hot);
    await sendLater(2_000);
    expect((await topLevel()).map(({ text }) => text)).toEqual(['rescored, without a ping']);

    if (lead !== undefined) lead.text = 'rescored again';
    await harness.owe('slack.hot', { leadId }, PRIORITY.hot);
    await happened(leadId, 'overridden');
    await sendLater(2_000);
    const [healed] = await topLevel();
    expect(healed?.text).toBe('rescored again, without a ping');
    expect(await textsBelow(healed?.ts ?? '')).toEqual(['overridden']);
  });
});

describe('a board that is posted anew', () => {
  async function showBoard(text: string, repost?: string): Promise<void> {
    harness.boards.set(channel, { text, ranked: [] });
    const wish = repost === undefined ? {} : { repost };
    await harness.owe('slack.board', { channelId: channel, ...wish }, PRIORITY.decision);
  }

  test('stands at the end, once for each wish, and the one before is gone', async () => {
    await showBoard('one');
    await harness.sendDue();
    const [before] = await topLevel();
    await showBoard('two', 'morning');
    await sendLater(2_000);
    const [after, ...others] = await topLevel();
    expect([after?.text, others]).toEqual(['two', []]);
    expect(Number(after?.ts)).toBeGreaterThan(Number(before?.ts));

    await showBoard('three', 'morning');
    await sendLater(BOARD_EVERY_MS);
    expect((await topLevel()).map(({ ts, text }) => [ts, text])).toEqual([[after?.ts, 'three']]);
    expect(workspace.journal.duplicatePosts().size).toBe(0);
  });

  test.each(['drop-after-commit', 'drop-before', 'killed'] as const)(
    'exactly one is left: %s',
    async (kind) => {
      await showBoard('one');
      await harness.sendDue();
      harness.clock.advance(2_000);
      await showBoard('two', 'noon');
      if (kind === 'killed') {
        await harness.sendAndDie();
        await harness.recover();
      } else {
        workspace.faults.add({ operation: 'chat.postMessage', fault: { kind } });
        await harness.sendDue();
        expect(await stateOf(`board:${channel}`)).toBe('unknown');
      }
      await sendLater();
      await sendLater();

      expect((await topLevel()).map(({ text }) => text)).toEqual(['two']);
      expect(workspace.journal.posts(channel).length).toBe(2);
      expect(workspace.journal.duplicatePosts().size).toBe(0);
    },
  );

  test('what may not be deleted is one line that says where the board is', async () => {
    await showBoard('one');
    await harness.sendDue();
    workspace.faults.add({
      operation: 'chat.delete',
      fault: { kind: 'error', error: 'cant_delete_message' },
    });
    await showBoard('two', 'evening');
    await sendLater(2_000);

    expect((await topLevel()).map(({ text }) => text)).toEqual(['two', 'moved']);
  });
});
