import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isTimely } from '../../../src/delivery/slack-app/check-timestamp.ts';
import { createSlackApp } from '../../../src/delivery/slack-app/create-slack-app.ts';
import { isOurs } from '../../../src/delivery/slack-app/workspace-guard.ts';
import { eventually } from '../../support/eventually.ts';
import { NOW, sampleLead } from '../../support/fake-lead-views.ts';
import { createFakeSlackDeps } from '../../support/fake-slack-deps.ts';
import { uniqueLeads } from '../../support/hostile-views.ts';
import {
  SIGNING_SECRET,
  type SlackHarness,
  startSlackHarness,
} from '../../support/slack-harness.ts';

const LEADS = uniqueLeads([sampleLead()]);
let slack: SlackHarness;
beforeAll(async () => {
  slack = await startSlackHarness(LEADS);
});
afterAll(() => slack.close());

interface Sent {
  team?: string | null;
  enterprise?: string;
  secondsOff?: number;
  timestamp?: string;
  secret?: string;
  body?: string | Buffer;
  contentType?: string;
}

/** Posts a pause command as if from Slack, with one thing changed. */
async function send(change: Sent): Promise<Response> {
  const { secondsOff = 0, secret = SIGNING_SECRET } = change;
  const timestamp = change.timestamp ?? String(Math.floor(Date.now() / 1_000) + secondsOff);
  const form = new URLSearchParams({
    command: '/firstcall',
    text: 'pause',
    user_id: slack.workspace.users.manager.id,
    channel_id: slack.workspace.channelId('leads-growth'),
    trigger_id: 't1',
    response_url: 'http://127.0.0.1:9/none',
    ...(change.team === null ? {} : { team_id: change.team ?? slack.workspace.teamId }),
    ...(change.enterprise === undefined ? {} : { enterprise_id: change.enterprise }),
  });
  const body = change.body ?? form.toString();
  const base = Buffer.concat([Buffer.from(`v0:${timestamp}:`), Buffer.from(body)]);
  return fetch(`${slack.url}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': change.contentType ?? 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${createHmac('sha256', secret).update(base).digest('hex')}`,
    },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
}

describe('nobody gets in', () => {
  test.each<[string, Sent, number]>([
    ['a wrong secret', { secret: 'another-secret' }, 401],
    ['an old timestamp', { secondsOff: -301 }, 401],
    ['a future timestamp', { secondsOff: 302 }, 401],
    [
      'a timestamp with something behind it',
      { timestamp: `${Math.floor(Date.now() / 1000)}x` },
      401,
    ],
    ['an exponent for a timestamp', { timestamp: '17e8' }, 401],
    ['a body of 5 MB', { body: 'x'.repeat(5_000_000) }, 413],
    ['broken JSON, well signed', { body: '{', contentType: 'application/json' }, 400],
  ])('%s', async (_name, change, status) => {
    // A body over the limit may be cut off before its answer is read.
    const answer = await send(change).catch(() => null);
    if (answer !== null) expect(answer.status).toBe(status);
    else expect(status).toBe(413);
    expect(slack.fake.switches.paused).toBe(false);
  });

  test('an endless body without a length is cut off', async () => {
    const chunk = new Uint8Array(100_000).fill(120);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += chunk.length;
        if (sent > 50_000_000) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(Math.floor(Date.now() / 1_000)),
    };
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
    const answer = await fetch(`${slack.url}/slack/events`, init).catch(() => null);
    expect(answer?.status ?? 413).toBe(413);
    expect(sent).toBeLessThan(20_000_000);
  });

  test.each<[string, Sent]>([
    ['another workspace', { team: 'T0OTHER' }],
    ['another enterprise, no team', { team: null, enterprise: 'E0OTHER' }],
  ])('%s', async (_name, change) => {
    const answer = await send(change);
    expect(await answer.text()).toContain('belongs to another workspace');
    expect(slack.fake.switches.paused).toBe(false);
  });

  test('an unsigned ssl_check smuggles nothing in', async () => {
    const response = await fetch(`${slack.url}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': String(Math.floor(Date.now() / 1_000)),
      },
      body: 'ssl_check=1&command=/firstcall&text=pause',
    });
    expect(response.status).toBe(200);
    expect(slack.fake.switches.paused).toBe(false);
  });

  test('and the same request, unchanged, does', async () => {
    expect((await send({})).status).toBe(200);
    await eventually(() => expect(slack.fake.switches.paused).toBe(true));
  });
});

test('the timestamp holds 300 seconds either way', () => {
  const at = (seconds: number) => String(Math.floor(NOW.getTime() / 1_000) + seconds);
  expect([-300, 0, 300].map((each) => isTimely(at(each), NOW))).toEqual([true, true, true]);
  expect([-301, 301].map((each) => isTimely(at(each), NOW))).toEqual([false, false]);
  expect(['', ' 1', '-5', '1.5', undefined, ['1']].some((each) => isTimely(each, NOW))).toBe(false);
});

test('an install for an organisation is known by its enterprise', () => {
  expect(isOurs({ teamId: 'E1' }, undefined, 'E1')).toBe(true);
  expect(isOurs({ teamId: 'E1' }, 'T9', 'E1')).toBe(true);
  expect(isOurs({ teamId: 'T1' }, undefined, 'E1')).toBe(false);
  expect(isOurs({ teamId: 'T1' }, 'T2', 'E1')).toBe(false);
  expect(isOurs({ teamId: 'T1' }, undefined, undefined)).toBe(false);
});

test('starts and stops while Slack is down, over HTTP and over a socket', async () => {
  const { deps } = createFakeSlackDeps(LEADS);
  const down = {
    slackApiUrl: 'http://127.0.0.1:9/api/',
    botToken: 'xoxb-x',
    signingSecret: 's'.repeat(10),
  };
  const overHttp = createSlackApp({ config: down, deps, log: deps.log });
  overHttp.start();
  expect(overHttp.requestListener).not.toBeNull();
  await overHttp.stop(100);
  const config = { ...down, appToken: 'xapp-1-sample' };
  const overSocket = createSlackApp({ config, deps, log: deps.log });
  overSocket.start();
  expect(overSocket.requestListener).toBeNull();
  await overSocket.stop(100);
});

test('a click in work is finished before stop returns', async () => {
  const { ledger } = slack.fake;
  const gate = Promise.withResolvers<void>();
  ledger.before = () => gate.promise;
  const board = await slack.postBoard();
  await slack.person('repOne').clickButton({ ...board, actionId: 'lead_accept' });
  let stopped = false;
  const stopping = slack.slack.stop(5_000).then(() => {
    stopped = true;
  });
  await eventually(() =>
    expect(slack.person('repOne').ephemerals().at(-1)?.text).toMatch(/^Not recorded yet/),
  );
  expect(stopped).toBe(false);
  gate.resolve();
  await stopping;
  expect(slack.person('repOne').ephemerals().at(-1)?.text).toMatch(/Recorded/);
});
