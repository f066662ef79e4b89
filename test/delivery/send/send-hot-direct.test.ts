import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SlackWorkspace } from '../../../demo/slack/workspace.ts';
import { createCheckedWorkspace } from '../../support/checked-workspace.ts';
import { createMovableClock } from '../../support/movable-clock.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { createLaneHarness, insertLead, type LaneHarness } from './slack-lane-harness.ts';

const HOUR_MS = 3_600_000;

let database: TestDatabase;
let workspace: SlackWorkspace;
let harness: LaneHarness;
let rep: string;
let channelId: string;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  for (const table of ['outbox', 'slack_messages', 'slack_calls', 'slack_backoffs'] as const) {
    await database.db.deleteFrom(table).execute();
  }
  const clock = createMovableClock();
  workspace = await createCheckedWorkspace({ clock });
  harness = createLaneHarness({ db: database.db, workspace, clock });
  rep = workspace.users.repOne.id;
  channelId = workspace.channelId('leads-growth');
  await database.db
    .insertInto('members')
    .values({ slack_user_id: rep, display_name: 'Rep', role: 'rep', updated_at: clock.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return () => workspace.close();
});

/** A hot lead that is routed to the rep, who asked for a direct message not before `dueAt`. */
async function hotLead(dueAt: Date): Promise<string> {
  const { leadId, assessmentId } = await insertLead(database.db);
  await database.db
    .insertInto('assignments')
    .values({
      ...{ lead_id: leadId, team: 'growth', channel_id: channelId, rep_user_id: rep },
      ...{ routing_rule: 'route.rest', because: 'Sample', assigned_at: harness.clock.now() },
      assigned_by: 'routing',
    })
    .execute();
  harness.hot.set(leadId, {
    ...{ channelId, text: 'open', assessmentId },
    copy: { userId: rep, dueAt },
  });
  const quietUntil = dueAt > harness.clock.now() ? dueAt : null;
  harness.direct.set(leadId, { text: 'yours', isWanted: true, quietUntil });
  await harness.owe('slack.hot', { leadId });
  await harness.sendDue();
  return leadId;
}

/** Somebody took it: its message and the copies change. */
async function taken(leadId: string): Promise<void> {
  const { assessmentId = '' } = harness.hot.get(leadId) ?? {};
  harness.hot.set(leadId, { channelId, text: 'taken', assessmentId });
  const quietUntil = harness.direct.get(leadId)?.quietUntil ?? null;
  harness.direct.set(leadId, { text: 'taken', isWanted: false, quietUntil });
  await harness.owe('slack.hot', { leadId });
  await sendLater();
}

async function sendLater(ms = 30_000): Promise<void> {
  harness.clock.advance(ms);
  await harness.sendDue();
}

async function direct(): Promise<string[]> {
  const channel = await workspace.interactions.directMessage(rep);
  return workspace.state.messages(channel).map(({ text }) => String(text));
}

describe('a direct copy of a hot lead', () => {
  test('is posted once, beside the message in the channel, and follows it', async () => {
    const leadId = await hotLead(harness.clock.now());
    expect(await direct()).toEqual(['yours']);
    await harness.owe('slack.hot', { leadId });
    await sendLater();
    expect(await direct()).toEqual(['yours']);

    await taken(leadId);
    expect(await direct()).toEqual(['taken']);
    expect(workspace.journal.posts(channelId).length).toBe(1);
    expect(workspace.journal.posts(await workspace.interactions.directMessage(rep)).length).toBe(1);
  });

  test('waits until quiet hours end, whatever happens to the lead meanwhile', async () => {
    const leadId = await hotLead(new Date(harness.clock.now().getTime() + HOUR_MS));
    await harness.owe('slack.hot', { leadId });
    await sendLater();
    expect(await direct()).toEqual([]);

    harness.direct.set(leadId, { text: 'yours', isWanted: true, quietUntil: null });
    await sendLater(HOUR_MS);
    expect(await direct()).toEqual(['yours']);
  });

  test('is not sent when somebody took the lead in the quiet hours', async () => {
    const leadId = await hotLead(new Date(harness.clock.now().getTime() + HOUR_MS));
    await taken(leadId);
    harness.direct.set(leadId, { text: 'taken', isWanted: false, quietUntil: null });
    await sendLater(HOUR_MS);
    expect(await direct()).toEqual([]);
  });

  test.each([
    ['drop-after-commit', ['taken']],
    ['drop-before', []],
  ] as const)(
    'whose answer was lost (%s) is looked for, not posted twice nor late',
    async (kind, shown) => {
      const target = await workspace.interactions.directMessage(rep);
      workspace.faults.add({ operation: 'chat.postMessage', fault: { kind }, target });
      const leadId = await hotLead(harness.clock.now());
      await taken(leadId);
      await sendLater();
      expect(await direct()).toEqual(shown);
      expect((await harness.rows()).map(({ state }) => state)).toEqual(['done', 'done']);
    },
  );
});
