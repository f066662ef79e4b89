import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { SlackWorkspace } from '../../demo/slack/workspace.ts';
import {
  type ChannelDirectory,
  createChannelDirectory,
} from '../../src/delivery/channel-directory.ts';
import { createSlackClient } from '../../src/delivery/send/slack-client.ts';
import { createRulesets } from '../../src/records/rulesets.ts';
import { createCheckedWorkspace } from '../support/checked-workspace.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let slack: SlackWorkspace;
let directory: ChannelDirectory;
const clock = createMovableClock();

beforeAll(async () => {
  database = await createTestDatabase();
  slack = await createCheckedWorkspace();
});
afterAll(async () => {
  await slack.close();
  await database.drop();
});
beforeEach(async () => {
  await database.db.deleteFrom('settings').execute();
  slack.journal.clear();
  directory = newDirectory();
});

function newDirectory(): ChannelDirectory {
  clock.advance(60_000);
  return createChannelDirectory({
    db: database.db,
    rulesets: createRulesets(database.db),
    clock,
    client: createSlackClient({ token: slack.botToken, apiUrl: slack.apiUrl }),
  });
}

test('boards that are drawn at the same moment all find their channel, with one question', async () => {
  const names = ['leads-growth', 'leads-enterprise', 'leads-growth'];
  const ids = await Promise.all(names.map((name) => directory.resolve(name)));

  expect(ids).toEqual(names.map((name) => slack.channelId(name)));
  expect(slack.journal.count({ method: 'conversations.list' })).toBe(1);
});

test('a question that failed is asked again', async () => {
  slack.faults.add({ operation: 'conversations.list', fault: { kind: 'http-error', status: 503 } });
  await expect(directory.resolve('leads-growth')).rejects.toThrow();

  expect(await directory.resolve('leads-growth')).toBe(slack.channelId('leads-growth'));
});

test('a channel that Slack does not know is asked for once in a while only', async () => {
  expect(await directory.resolve('leads-nowhere')).toBeNull();
  expect(await directory.resolve('leads-nowhere')).toBeNull();

  expect(slack.journal.count({ method: 'conversations.list' })).toBe(1);
});

test('a name goes on meaning its channel when that is renamed, also after a restart', async () => {
  const channel = slack.channelId('leads-growth');
  const call = async (method: string, args: Record<string, unknown>) => {
    const { body } = await slack.callAsInstaller(method, args);
    expect(body).toMatchObject({ ok: true });
    return body;
  };
  expect(await directory.resolve('leads-growth')).toBe(channel);
  await call('conversations.rename', { channel, name: 'leads-emea' });
  // Everybody is asked about, since some other name is not known.
  expect(await directory.resolve('leads-nowhere')).toBeNull();
  expect(await directory.resolve('leads-growth')).toBe(channel);
  expect(await newDirectory().resolve('leads-growth')).toBe(channel);
  expect(await newDirectory().resolve('leads-emea')).toBe(channel);

  const { channel: made } = await call('conversations.create', { name: 'leads-growth' });
  const { id: other } = made as { id: string };
  clock.advance(60_000);
  await directory.lookAgain();
  expect(await directory.resolve('leads-growth')).toBe(channel);
  // Gone: now the other one is meant.
  await call('conversations.archive', { channel });
  clock.advance(60_000);
  await directory.lookAgain();
  expect(await directory.resolve('leads-growth')).toBe(other);
  expect(await newDirectory().resolve('leads-growth')).toBe(other);
});
