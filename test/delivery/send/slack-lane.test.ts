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
});
afterAll(() => database.drop());

beforeEach(async () => {
  for (const table of ['outbox', 'slack_messages', 'slack_calls', 'slack_backoffs'] as const) {
    await database.db.deleteFrom(table).execute();
  }
  await database.db.deleteFrom('deliveries').execute();
  await database.db.deleteFrom('settings').execute();
  const clock = createMovableClock();
  workspace = await createCheckedWorkspace({ clock });
  harness = createLaneHarness({ db: database.db, workspace, clock, timeoutMs: 2_000 });
  channel = workspace.channelId('leads-enterprise');
  return () => workspace.close();
});

async function showBoard(text: string, channelId = channel): Promise<void> {
  const ranked = harness.boards.get(channelId)?.ranked ?? [];
  harness.boards.set(channelId, { text, ranked });
  await harness.owe('slack.board', { channelId });
}

async function stateOf(key: string): Promise<string | undefined> {
  return (await harness.rows()).find((row) => row.key === key)?.state;
}

/** Past every wait that an unknown outcome or a retry asks for. */
async function sendLater(ms = 30_000): Promise<void> {
  harness.clock.advance(ms);
  await harness.sendDue();
}

async function postedTexts(channelId = channel): Promise<string[]> {
  const { body } = await workspace.callAsInstaller('conversations.history', { channel: channelId });
  const messages = body.messages as { text: string; bot_id?: string; subtype?: string }[];
  return messages.filter((message) => message.subtype === undefined).map((each) => each.text);
}

async function deliveredLeads(): Promise<string[]> {
  const rows = await database.db.selectFrom('deliveries').select('lead_id').execute();
  return rows.map((row) => row.lead_id).sort();
}

describe('a board', () => {
  test('is posted once and then updated in place; every ranked lead is delivered', async () => {
    const first = await insertLead(database.db);
    const second = await insertLead(database.db);
    harness.boards.set(channel, { text: 'one', ranked: [first] });
    await harness.owe('slack.board', { channelId: channel });
    await harness.sendDue();
    expect(await deliveredLeads()).toEqual([first.leadId]);

    harness.boards.set(channel, { text: 'two', ranked: [first, second] });
    await harness.owe('slack.board', { channelId: channel });
    await sendLater(BOARD_EVERY_MS);

    expect(workspace.journal.posts(channel).length).toBe(1);
    expect(workspace.journal.count({ method: 'chat.update', ok: true })).toBe(1);
    expect(await postedTexts()).toEqual(['two']);
    expect(await deliveredLeads()).toEqual([first.leadId, second.leadId].sort());
  });

  test('with the same content costs no call, and still delivers what it ranks', async () => {
    const first = await insertLead(database.db);
    await showBoard('same');
    await harness.sendDue();
    const calls = workspace.journal.all.length;

    harness.boards.set(channel, { text: 'same', ranked: [first] });
    await harness.owe('slack.board', { channelId: channel });
    await harness.sendDue();

    expect(workspace.journal.all.length).toBe(calls);
    expect(await stateOf(`board:${channel}`)).toBe('done');
    expect(await deliveredLeads()).toEqual([first.leadId]);
  });

  test('is redrawn at most every 30 seconds, but at once after a decision', async () => {
    await showBoard('one');
    await harness.sendDue();
    await showBoard('two');
    await harness.sendDue();
    expect(await postedTexts()).toEqual(['one']);

    await harness.owe('slack.board', { channelId: channel }, PRIORITY.decision);
    await harness.sendDue();
    expect(await postedTexts()).toEqual(['two']);

    await showBoard('three');
    await harness.sendDue();
    expect(await postedTexts()).toEqual(['two']);
    await sendLater(BOARD_EVERY_MS);
    expect(await postedTexts()).toEqual(['three']);
  });

  test('that a person deleted is posted anew, once', async () => {
    await showBoard('one');
    await harness.sendDue();
    const [post] = workspace.journal.posts(channel);
    // As a person with the right to, through Slack itself.
    await fetch(`${workspace.apiUrl}chat.delete`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${workspace.botToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ channel, ts: post?.ts }),
    });

    await showBoard('two');
    await sendLater(BOARD_EVERY_MS);
    await showBoard('three');
    await sendLater(BOARD_EVERY_MS);

    expect(await postedTexts()).toEqual(['three']);
    expect(workspace.journal.posts(channel).length).toBe(2);
    expect(workspace.journal.duplicatePosts().size).toBe(0);
  });

  test('that nobody has a view for is simply done', async () => {
    await harness.owe('slack.board', { channelId: channel });
    await harness.sendDue();

    expect(await stateOf(`board:${channel}`)).toBe('done');
    expect(workspace.journal.all.length).toBe(0);
  });
});

describe('never posted twice', () => {
  test.each([
    { fault: { kind: 'drop-after-commit' } as const, posts: 1 },
    { fault: { kind: 'drop-before' } as const, posts: 1 },
    { fault: { kind: 'http-error-after-commit', status: 502 } as const, posts: 1 },
    { fault: { kind: 'http-error', status: 503 } as const, posts: 1 },
    { fault: { kind: 'slow-after-commit', ms: 4_000 } as const, posts: 1 },
    { fault: { kind: 'error', error: 'fatal_error' } as const, posts: 1 },
  ])('$fault.kind on the post', async ({ fault, posts }) => {
    workspace.faults.add({ operation: 'chat.postMessage', fault });
    await showBoard('one');
    await harness.sendDue();
    expect(await stateOf(`board:${channel}`)).toBe('unknown');

    await sendLater();

    expect(await stateOf(`board:${channel}`)).toBe('done');
    expect(workspace.journal.posts(channel).length).toBe(posts);
    expect(await postedTexts()).toEqual(['one']);
  });

  test('the lookup itself fails: nothing is posted until it has answered', async () => {
    workspace.faults.add({ operation: 'chat.postMessage', fault: { kind: 'drop-after-commit' } });
    workspace.faults.add({
      operation: 'conversations.history',
      fault: { kind: 'http-error', status: 500 },
      times: 2,
    });
    await showBoard('one');
    await harness.sendDue();
    await sendLater();
    await sendLater();
    expect(await stateOf(`board:${channel}`)).toBe('unknown');
    expect(workspace.journal.posts(channel).length).toBe(1);

    await sendLater(60_000);

    expect(await stateOf(`board:${channel}`)).toBe('done');
    expect(workspace.journal.posts(channel).length).toBe(1);
  });

  test('killed between the post and its record', async () => {
    await showBoard('one');
    await harness.sendAndDie();
    expect(await stateOf(`board:${channel}`)).toBe('sending');

    await harness.recover();
    await showBoard('two');
    await harness.sendDue();

    expect(workspace.journal.posts(channel).length).toBe(1);
    expect(await postedTexts()).toEqual(['two']);
    expect(await stateOf(`board:${channel}`)).toBe('done');
  });

  test('killed while a deleted board was posted anew', async () => {
    await showBoard('one');
    await harness.sendDue();
    await database.db
      .updateTable('slack_messages')
      .set({ ts: '1000000000.000100', content_hash: 'other' })
      .execute();
    harness.clock.advance(BOARD_EVERY_MS);
    workspace.journal.clear();
    await harness.owe('slack.board', { channelId: channel }, PRIORITY.decision);
    harness.boards.set(channel, { text: 'two', ranked: [] });
    await harness.sendAndDie();
    expect(workspace.journal.posts(channel).length).toBe(1);

    await harness.recover();
    await harness.sendDue();

    expect(workspace.journal.posts(channel).length).toBe(1);
    expect(await stateOf(`board:${channel}`)).toBe('done');
  });

  test('a lost answer to an update is simply updated again', async () => {
    await showBoard('one');
    await harness.sendDue();
    workspace.faults.add({ operation: 'chat.update', fault: { kind: 'drop-before' } });
    await showBoard('two');
    await sendLater(BOARD_EVERY_MS);
    // Back to the content that was confirmed before: what Slack shows is not known, so no skipping.
    await showBoard('one');
    await sendLater();

    expect(await postedTexts()).toEqual(['one']);
    expect(workspace.journal.count({ method: 'chat.update', ok: true })).toBe(1);
    expect(workspace.journal.posts(channel).length).toBe(1);
  });

  test('a process that was frozen starts no call late in its lease', async () => {
    const slow = createLaneHarness({
      db: database.db,
      workspace,
      clock: harness.clock,
      callWithinMs: -1,
    });
    slow.boards.set(channel, { text: 'one', ranked: [] });
    await slow.owe('slack.board', { channelId: channel });
    await slow.sendAndDie();

    expect(workspace.journal.all.length).toBe(0);
  });
});

describe('when Slack refuses', () => {
  test('429 delays that method and channel only, for as long as it says', async () => {
    const other = workspace.channelId('leads-growth');
    workspace.faults.add({
      operation: 'chat.postMessage',
      target: channel,
      fault: { kind: 'rate-limited', retryAfterSeconds: 40 },
    });
    await showBoard('one');
    await showBoard('other', other);
    await harness.sendDue();
    expect(await postedTexts(other)).toEqual(['other']);
    expect(await postedTexts()).toEqual([]);

    await sendLater(39_000);
    expect(await postedTexts()).toEqual([]);
    await sendLater(2_000);
    expect(await postedTexts()).toEqual(['one']);
    expect(workspace.journal.count({ method: 'chat.postMessage', channel })).toBe(2);
  });

  test('a channel without the app is told to the admins, and heals when the app is invited', async () => {
    const { id: admin } = workspace.users.admin;
    await database.db
      .insertInto('members')
      .values({
        slack_user_id: admin,
        email: null,
        display_name: 'Sample Admin',
        role: 'admin',
        crm_user_id: null,
        time_zone: null,
        updated_at: new Date(),
      })
      .execute();
    workspace.setBotMember(channel, false);
    await showBoard('one');
    await harness.sendDue();
    expect(await stateOf(`board:${channel}`)).toBe('failed');
    const directs = workspace.journal.posts().filter((call) => call.channel !== channel);
    expect(directs.map((call) => String(call.args.text))).toEqual([
      expect.stringMatching(`cannot post in <#${channel}>.*/invite @First Call`),
    ]);

    workspace.setBotMember(channel, true);
    harness.clock.advance(5 * 60_000);
    await harness.recover();
    await harness.sendDue();

    expect(await postedTexts()).toEqual(['one']);
    expect(workspace.journal.duplicatePosts().size).toBe(0);
  });

  test('an archived channel: what to do is told once, and the board comes by itself', async () => {
    const { id: admin } = workspace.users.admin;
    await database.db
      .insertInto('members')
      .values({
        ...{ slack_user_id: admin, email: null, display_name: 'Sample Admin', role: 'admin' },
        ...{ crm_user_id: null, time_zone: null, updated_at: new Date() },
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await workspace.callAsInstaller('conversations.archive', { channel });
    await showBoard('one');
    await harness.sendDue();
    await showBoard('two');
    await sendLater(6 * 60_000);
    const told = workspace.journal.posts().filter((call) => call.channel !== channel);
    expect(told.map((call) => String(call.args.text))).toEqual([
      expect.stringMatching(
        `cannot post in <#${channel}>. It is archived: unarchive it. Or pick another channel with \`/firstcall setup\`.`,
      ),
    ]);

    await workspace.callAsInstaller('conversations.unarchive', { channel });
    harness.clock.advance(5 * 60_000);
    await harness.recover();
    await harness.sendDue();

    expect(await postedTexts()).toContain('two');
    expect(workspace.journal.duplicatePosts().size).toBe(0);
  });

  test('a revoked token holds everything back and loses nothing', async () => {
    workspace.setTokenError('token_revoked');
    await showBoard('one');
    await harness.sendDue();
    expect(await stateOf(`board:${channel}`)).toBe('due');

    workspace.setTokenError(undefined);
    await sendLater(60_000);

    expect(await postedTexts()).toEqual(['one']);
  });

  test('content that it rejects is put aside, and new content is tried', async () => {
    workspace.faults.add({
      operation: 'chat.postMessage',
      fault: { kind: 'error', error: 'msg_too_long' },
    });
    await showBoard('long');
    await harness.sendDue();
    expect(await stateOf(`board:${channel}`)).toBe('failed');

    await showBoard('short');
    await sendLater(2_000);

    expect(await postedTexts()).toEqual(['short']);
  });

  test('while it is paused, rows wait', async () => {
    await database.db
      .insertInto('settings')
      .values({ key: 'paused', value: 'true', updated_by: 'U1', updated_at: new Date() })
      .execute();
    expect(await harness.lane.ready()).toBe(false);

    await database.db.updateTable('settings').set({ value: 'false' }).execute();
    expect(await harness.lane.ready()).toBe(true);
  });
});

describe('a hot lead', () => {
  async function hotLead(text: string): Promise<string> {
    const { leadId, assessmentId } = await insertLead(database.db);
    harness.hot.set(leadId, { channelId: channel, text, assessmentId });
    await harness.owe('slack.hot', { leadId }, PRIORITY.hot);
    return leadId;
  }

  test('gets one message, which follows what becomes of it', async () => {
    const leadId = await hotLead('hot');
    await harness.sendDue();
    const lead = harness.hot.get(leadId);
    if (lead !== undefined) lead.text = 'accepted';
    await harness.owe('slack.hot', { leadId }, PRIORITY.decision);
    await harness.sendDue();

    expect(await postedTexts()).toEqual(['accepted']);
    expect(workspace.journal.posts(channel).length).toBe(1);
    expect(await deliveredLeads()).toEqual([leadId]);
  });

  test('routed elsewhere while its post was unknown: found where it was posted', async () => {
    const other = workspace.channelId('leads-growth');
    workspace.faults.add({ operation: 'chat.postMessage', fault: { kind: 'drop-after-commit' } });
    const leadId = await hotLead('hot');
    await harness.sendDue();
    const lead = harness.hot.get(leadId);
    if (lead !== undefined) lead.channelId = other;
    await sendLater();

    expect(workspace.journal.posts().length).toBe(1);
    expect(await stateOf(`hot:${leadId}`)).toBe('done');
  });

  test('after five in ten minutes the others share one summary', async () => {
    const leads: string[] = [];
    for (const index of [1, 2, 3, 4, 5, 6, 7]) {
      leads.push(await hotLead(`hot ${index}`));
      await sendLater(1_200);
    }
    await sendLater(3_000);

    expect((await postedTexts()).sort()).toEqual([
      'hot 1',
      'hot 2',
      'hot 3',
      'hot 4',
      'hot 5',
      'hot 6, hot 7',
    ]);
    expect(await deliveredLeads()).toEqual([...leads].sort());
    const seventh = harness.hot.get(leads[6] ?? '');
    if (seventh !== undefined) seventh.text = 'taken';
    await harness.owe('slack.hot', { leadId: leads[6] ?? '' }, PRIORITY.decision);
    await harness.sendDue();
    expect(await postedTexts()).toContain('hot 6, taken');

    harness.clock.advance(10 * 60_000);
    await hotLead('hot 8');
    await harness.sendDue();
    expect(await postedTexts()).toContain('hot 8');
  });
});
