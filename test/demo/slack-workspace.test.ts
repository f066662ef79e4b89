import { WebClient } from '@slack/web-api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSlackWorkspace, type SlackWorkspace } from '../../demo/slack/workspace.ts';

let workspace: SlackWorkspace;
let client: WebClient;
let channel: string;
let time = Date.UTC(2026, 10, 2, 9, 0, 0);
const clock = { now: () => new Date(time) };

const metadata = (lead: string) => ({ event_type: 'lead_hot', event_payload: { lead } });

beforeAll(async () => {
  workspace = await createSlackWorkspace({
    rateLimits: 'off',
    clock,
    channels: [
      { name: 'reps-only', isPrivate: true },
      { name: 'no-bot', hasBot: false },
    ],
  });
  client = clientOf(workspace);
  channel = workspace.channelId('#leads-growth');
});

afterEach(() => {
  workspace.faults.clear();
  workspace.setRateLimits('off');
  workspace.setTokenError(undefined);
  workspace.journal.clear();
});

afterAll(() => workspace.close());

function clientOf(
  { apiUrl, botToken }: SlackWorkspace,
  { token = botToken, timeout = 20_000 } = {},
): WebClient {
  return new WebClient(token, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
  });
}

/** The error that Slack or the network gave. */
async function errorOf(call: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await call;
  } catch (error) {
    return { ...(error instanceof Error ? error : {}), message: String(error) };
  }
  throw new Error('the call went well');
}

describe('people and scopes', () => {
  it('knows its people by e-mail in any case and hides the installer', async () => {
    const found = await client.users.lookupByEmail({ email: 'REP.ONE@example.com' });
    expect(found.user?.id).toBe(workspace.users.repOne.id);
    const { members = [] } = await client.users.list({});
    expect(members.map((member) => member.name)).not.toContain('admin');
    expect(members).toHaveLength(5);
  });

  it('refuses what the manifest did not ask for, and wrong tokens', async () => {
    const scope = await errorOf(client.reactions.add({ channel, name: 'x', timestamp: '1' }));
    expect(scope).toMatchObject({ data: { error: 'missing_scope', needed: 'reactions:write' } });
    const token = await errorOf(clientOf(workspace, { token: 'xoxb-other' }).auth.test());
    expect(token).toMatchObject({ data: { error: 'invalid_auth' } });
    workspace.setTokenError('token_revoked');
    expect(await errorOf(client.auth.test())).toMatchObject({ data: { error: 'token_revoked' } });
  });

  it('needs an invitation before it posts', async () => {
    const post = client.chat.postMessage({ channel: workspace.channelId('no-bot'), text: 'x' });
    expect(await errorOf(post)).toMatchObject({ data: { error: 'not_in_channel' } });
    const inside = workspace.channelId('reps-only');
    expect((await client.chat.postMessage({ channel: inside, text: 'x' })).ok).toBe(true);
  });
});

describe('messages', () => {
  it('keeps posts, updates and deletions, and tells about each', async () => {
    const seen: string[] = [];
    const stop = workspace.state.onChange((change) => {
      if (change.kind === 'message') seen.push(`${change.action} ${change.message.text}`);
    });
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'one' });
    await client.chat.update({ channel, ts, text: 'two' });
    expect(workspace.state.message(channel, ts)?.text).toBe('two');
    await client.chat.delete({ channel, ts });
    expect(workspace.state.message(channel, ts)).toBeUndefined();
    stop();
    expect(seen).toEqual(['posted one', 'updated two', 'deleted two']);
  });

  it('shows an ephemeral message to one person only', async () => {
    const user = workspace.users.repOne.id;
    await client.chat.postEphemeral({ channel, user, text: 'for you' });
    expect(workspace.state.ephemerals(user).map((each) => each.text)).toContain('for you');
    expect(workspace.state.ephemerals(workspace.users.repTwo.id)).toEqual([]);
  });

  it('gives metadata back only when asked, and reads from a time on', async () => {
    const first = await client.chat.postMessage({ channel, text: 'a', metadata: metadata('L-1') });
    const second = await client.chat.postMessage({ channel, text: 'b', metadata: metadata('L-2') });
    const plain = await client.conversations.history({ channel });
    expect(plain.messages?.some((each) => each.metadata)).toBe(false);
    const since = await client.conversations.history({
      channel,
      oldest: first.ts ?? '',
      include_all_metadata: true,
    });
    expect(since.messages?.map((each) => each.ts)).toEqual([second.ts]);
    expect(since.messages?.[0]?.metadata).toMatchObject({ event_payload: { lead: 'L-2' } });
    const page = await client.conversations.history({ channel, limit: 1 });
    expect(page).toMatchObject({ has_more: true, messages: [{ ts: second.ts }] });
    const cursor = page.response_metadata?.next_cursor ?? '';
    const next = await client.conversations.history({ channel, limit: 1, cursor });
    expect(next.messages?.[0]?.ts).toBe(first.ts);
  });
});

describe('Block Kit limits', () => {
  it('answers invalid_blocks with a pointer, records it, posts nothing', async () => {
    const before = workspace.state.messages(channel).length;
    const error = await errorOf(
      client.chat.postMessage({
        channel,
        text: 'x',
        blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
      }),
    );
    expect(error).toMatchObject({
      data: {
        error: 'invalid_blocks',
        response_metadata: {
          messages: ['[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]'],
        },
      },
    });
    expect(workspace.journal.takeViolations()).toHaveLength(1);
    expect(workspace.journal.posts()).toEqual([]);
    expect(workspace.state.messages(channel)).toHaveLength(before);
  });

  it('answers invalid_arguments for a view', async () => {
    const view = {
      type: 'modal' as const,
      title: { type: 'plain_text' as const, text: 'x'.repeat(25) },
      blocks: [],
    };
    const error = await errorOf(client.views.open({ trigger_id: 't', view }));
    expect(error).toMatchObject({ data: { error: 'invalid_arguments' } });
  });
});

describe('rate limits', () => {
  it('allows one post a second in each channel', async () => {
    workspace.setRateLimits([
      { methods: ['chat.postMessage'], per: 'channel', limit: 1, windowMs: 1_000 },
    ]);
    await client.chat.postMessage({ channel, text: 'one' });
    const error = await errorOf(client.chat.postMessage({ channel, text: 'two' }));
    expect(error).toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 1 });
    const other = workspace.channelId('leads-enterprise');
    expect((await client.chat.postMessage({ channel: other, text: 'two' })).ok).toBe(true);
    time += 1_000;
    expect((await client.chat.postMessage({ channel, text: 'two' })).ok).toBe(true);
  });

  it('counts chat.update over all channels together, in a window that slides', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'board' });
    workspace.setRateLimits([
      { methods: ['chat.update'], per: 'workspace', limit: 50, windowMs: 60_000 },
    ]);
    for (let index = 0; index < 50; index += 1) {
      if (index === 25) time += 30_000;
      await client.chat.update({ channel, ts, text: `board ${index}` });
    }
    const update = { channel, ts, text: 'more' };
    expect(await errorOf(client.chat.update(update))).toMatchObject({ retryAfter: 30 });
    time += 30_000;
    for (let index = 0; index < 25; index += 1) await client.chat.update(update);
    expect(await errorOf(client.chat.update(update))).toMatchObject({ retryAfter: 30 });
  });
});

describe('faults', () => {
  const post = (lead: string, as = client) =>
    as.chat.postMessage({ channel, text: lead, metadata: metadata(lead) });

  it('drops the answer after the message is there', async () => {
    workspace.faults.add({ operation: 'chat.postMessage', fault: { kind: 'drop-after-commit' } });
    expect(await errorOf(post('L-9'))).toMatchObject({ code: 'slack_webapi_request_error' });
    const found = await client.conversations.history({ channel, include_all_metadata: true });
    expect(found.messages?.[0]?.metadata).toMatchObject({ event_payload: { lead: 'L-9' } });
    const [call] = workspace.journal.calls({ method: 'chat.postMessage' });
    expect(call).toMatchObject({ committed: true, answered: false, fault: 'drop-after-commit' });
    await post('L-9');
    expect([...workspace.journal.duplicatePosts().keys()]).toEqual(['lead_hot:{"lead":"L-9"}']);
  });

  it('drops before anything happens', async () => {
    workspace.faults.add({ operation: 'chat.postMessage', fault: { kind: 'drop-before' } });
    await errorOf(post('L-10'));
    await post('L-10');
    expect(workspace.journal.posts()).toHaveLength(1);
    expect(workspace.journal.duplicatePosts().size).toBe(0);
  });

  it.each([
    [{ kind: 'rate-limited', retryAfterSeconds: 7 } as const, { retryAfter: 7 }, 0],
    [{ kind: 'http-error', status: 503 } as const, { statusCode: 503 }, 0],
    [{ kind: 'http-error-after-commit', status: 500 } as const, { statusCode: 500 }, 1],
    [{ kind: 'error', error: 'is_archived' } as const, { data: { error: 'is_archived' } }, 0],
    [{ kind: 'slow-after-commit', ms: 800 } as const, {}, 1],
    [{ kind: 'slow', ms: 800 } as const, {}, 0],
  ])('%o', async (fault, expected, committed) => {
    workspace.faults.add({ operation: 'chat.postMessage', fault });
    const impatient = clientOf(workspace, { timeout: 400 });
    const isSlow = fault.kind.startsWith('slow');
    expect(await errorOf(post('L-11', isSlow ? impatient : client))).toMatchObject(expected);
    expect(workspace.journal.posts()).toHaveLength(committed);
  });

  it('hits only the method and channel it names, as often as told', async () => {
    const fault = { kind: 'error', error: 'fatal_error' } as const;
    const rule = { operation: 'chat.postMessage', target: channel, times: 2, fault };
    const active = workspace.faults.add(rule);
    const elsewhere = workspace.channelId('leads-enterprise');
    expect((await client.chat.postMessage({ channel: elsewhere, text: 'x' })).ok).toBe(true);
    await errorOf(post('L-12'));
    await errorOf(post('L-12'));
    expect(active.remaining()).toBe(0);
    expect((await post('L-12')).ok).toBe(true);
  });

  it('holds a call between commit and answer until released', async () => {
    const hold = workspace.faults.hold({ operation: 'chat.postMessage', when: 'after-commit' });
    const pending = post('L-13');
    await hold.reached;
    expect(workspace.journal.posts()).toHaveLength(1);
    expect(workspace.journal.calls({ ok: true })[0]?.answered).toBe(false);
    hold.release();
    expect((await pending).ok).toBe(true);
  });
});
