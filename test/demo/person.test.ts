import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startLoopbackServer } from '../../demo/doubles/loopback-server.ts';
import { createPerson, type Person } from '../../demo/slack/person.ts';
import { createSlackWorkspace, type SlackWorkspace } from '../../demo/slack/workspace.ts';

const SECRET = 'sample-signing-secret';
const plain = (text: string) => ({ type: 'plain_text' as const, text });

let workspace: SlackWorkspace;
let app: App;
let server: { url: string; close(): Promise<void> };
let rep: Person;
let other: Person;
let channel: string;
const received: Record<string, unknown>[] = [];

beforeAll(async () => {
  workspace = await createSlackWorkspace({ rateLimits: 'off' });
  channel = workspace.channelId('leads-growth');
  const receiver = new HTTPReceiver({ signingSecret: SECRET, logLevel: LogLevel.ERROR });
  app = new App({
    token: workspace.botToken,
    receiver,
    clientOptions: { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 } },
    logLevel: LogLevel.ERROR,
  });
  listen();
  server = await startLoopbackServer(async (request, response) =>
    receiver.requestListener(request, response),
  );
  rep = createPerson(workspace, workspace.users.repOne.id, server.url, SECRET);
  other = createPerson(workspace, workspace.users.repTwo.id, server.url, SECRET);
});

afterAll(async () => {
  await server.close();
  await workspace.close();
});

beforeEach(() => {
  received.length = 0;
});

const modal = (title: string) => ({
  type: 'modal' as const,
  callback_id: 'override',
  title: plain(title),
  submit: plain('Save'),
  notify_on_close: true,
  blocks: [
    {
      type: 'input' as const,
      block_id: 'tier',
      label: plain('Tier'),
      element: {
        type: 'static_select' as const,
        action_id: 'pick',
        options: ['A', 'B'].map((tier) => ({ text: plain(`Tier ${tier}`), value: tier })),
      },
    },
    {
      type: 'input' as const,
      block_id: 'note',
      optional: true,
      label: plain('Note'),
      element: { type: 'plain_text_input' as const, action_id: 'text', max_length: 10 },
    },
  ],
});

const TOO_LONG = 'x'.repeat(151);
const broken = { text: 'x', blocks: [{ type: 'header' as const, text: plain(TOO_LONG) }] };

function listen(): void {
  app.action('accept', async ({ ack, body, respond }) => {
    await ack();
    received.push({ ...body });
    await respond({ text: 'Accepted', replace_original: false });
  });
  app.action('more', async ({ ack, body }) => {
    await ack();
    received.push({ ...body });
  });
  app.action('override', async ({ ack, body, client }) => {
    await ack();
    if (!('trigger_id' in body)) return;
    await client.views.open({ trigger_id: body.trigger_id, view: modal('Override') });
  });
  app.view('override', async ({ ack, body, view }) => {
    received.push({ ...body });
    const note = view.state.values.note?.text?.value;
    if (note === 'bad') await ack({ response_action: 'errors', errors: { note: 'Not this' } });
    else if (note === 'push') await ack({ response_action: 'push', view: modal('Second') });
    else if (note === 'update') await ack({ response_action: 'update', view: modal('Saving') });
    else if (note === 'clear') await ack({ response_action: 'clear' });
    else if (note === 'broken') await ack({ response_action: 'update', view: modal(TOO_LONG) });
    else await ack();
  });
  app.view({ callback_id: 'override', type: 'view_closed' }, async ({ ack, body }) => {
    received.push({ ...body });
    await ack();
  });
  app.command('/firstcall', async ({ ack, command, respond }) => {
    if (command.text === 'silent') return;
    if (command.text === 'broken') return ack(broken);
    await ack(command.text === 'quick' ? { text: 'At once' } : undefined);
    if (command.text === 'broken later') await respond(broken).catch(() => undefined);
    if (command.text === 'often') for (let n = 0; n < 6; n += 1) await respond(`Answer ${n}`);
  });
  app.shortcut('lead_why_shortcut', async ({ ack, shortcut }) => {
    await ack();
    received.push({ ...shortcut });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [{ type: 'header', text: plain('My queue') }] },
    });
  });
}

async function postLead(): Promise<string> {
  const button = (action_id: string, value: string) => ({
    type: 'button' as const,
    text: plain(action_id),
    action_id,
    value,
  });
  const { ts = '' } = await app.client.chat.postMessage({
    channel,
    text: 'Lead',
    blocks: ['L-1', 'L-2'].map((lead) => ({
      type: 'actions' as const,
      block_id: lead,
      elements: [
        button('accept', lead),
        button('override', lead),
        {
          type: 'overflow' as const,
          action_id: 'more',
          options: [
            { text: plain('Why'), value: `why:${lead}` },
            { text: plain('Snooze'), value: `snooze:${lead}` },
          ],
        },
      ],
    })),
  });
  return ts;
}

async function openModal(): Promise<string> {
  while (rep.topView() !== undefined) await rep.closeView();
  const ts = await postLead();
  await rep.clickButton({ channel, ts, actionId: 'override', blockId: 'L-1' });
  await expect.poll(() => rep.topView()?.title).toEqual(plain('Override'));
  return rep.topView()?.id ?? '';
}

describe('a person on a message', () => {
  it('clicks as Slack would send it, and the answer reaches only them', async () => {
    const ts = await postLead();
    const click = await rep.clickButton({ channel, ts, actionId: 'accept', value: 'L-2' });
    expect(click.status).toBe(200);
    expect(received[0]).toMatchObject({
      type: 'block_actions',
      user: { id: rep.user.id, team_id: workspace.teamId },
      channel: { id: channel, name: 'leads-growth' },
      container: { type: 'message', message_ts: ts, is_ephemeral: false },
      message: { ts, bot_id: workspace.botId },
      actions: [{ type: 'button', action_id: 'accept', block_id: 'L-2', value: 'L-2' }],
    });
    await expect.poll(() => rep.ephemerals().at(-1)?.text).toBe('Accepted');
    expect(other.ephemerals()).toEqual([]);
    expect(rep.messages('leads-growth').at(-1)?.ts).toBe(ts);
  });

  it('cannot click what is not there or not clear', async () => {
    const ts = await postLead();
    const click = (actionId: string) => () => rep.clickButton({ channel, ts, actionId });
    expect(click('nothing')).toThrow('0 elements');
    expect(click('accept')).toThrow('2 elements');
    expect(() => rep.clickButton({ channel, ts: '1.1', actionId: 'accept' })).toThrow('no message');
  });

  it('picks from an overflow menu and uses the message shortcut', async () => {
    const ts = await postLead();
    await rep.selectOverflow({ channel, ts, actionId: 'more', blockId: 'L-1', value: 'Why' });
    expect(received[0]).toMatchObject({
      actions: [{ type: 'overflow', selected_option: { value: 'why:L-1' } }],
    });
    await rep.useMessageShortcut({ channel, ts });
    expect(received[1]).toMatchObject({ type: 'message_action', message: { ts } });
  });

  it('is refused with a wrong secret and sees the problem', async () => {
    const ts = await postLead();
    const stranger = createPerson(workspace, rep.user.id, server.url, 'other-secret');
    const click = await stranger.clickButton({ channel, ts, actionId: 'accept', blockId: 'L-1' });
    expect(click.status).toBe(401);
    expect(stranger.problems().at(-1)?.text).toContain('401');
    expect(received).toEqual([]);
  });
});

describe('a person in a modal', () => {
  it('submits, and it closes', async () => {
    const viewId = await openModal();
    await rep.submitView(viewId, { tier: 'Tier B', text: 'fine' });
    expect(received[0]).toMatchObject({
      type: 'view_submission',
      view: {
        id: viewId,
        state: {
          values: {
            tier: { pick: { selected_option: { value: 'B' } } },
            note: { text: { value: 'fine' } },
          },
        },
      },
    });
    expect(rep.modals()).toEqual([]);
  });

  it('cannot send a form that Slack would stop', async () => {
    const viewId = await openModal();
    await expect(rep.submitView(viewId)).rejects.toThrow('tier is empty');
    rep.fill(viewId, { tier: 'A' });
    await expect(rep.submitView(viewId, { note: 'x'.repeat(11) })).rejects.toThrow('too long');
    await expect(rep.submitView(viewId, { tier: 'C' })).rejects.toThrow('no option');
  });

  it('keeps its input under errors, then follows update, push and clear', async () => {
    const viewId = await openModal();
    await rep.submitView(viewId, { tier: 'A', note: 'bad' });
    expect(rep.modals()[0]?.errors).toEqual({ note: 'Not this' });
    await rep.submitView(viewId, { note: 'update' });
    expect(rep.topView()).toMatchObject({ id: viewId, title: plain('Saving') });
    await rep.submitView(viewId, { note: 'push' });
    expect(rep.modals()).toHaveLength(2);
    const second = rep.topView();
    expect(second).toMatchObject({ previous_view_id: viewId, root_view_id: viewId });
    await rep.submitView(second?.id ?? '', { tier: 'B', note: 'clear' });
    expect(rep.modals()).toEqual([]);
    expect(workspace.journal.violations).toEqual([]);
  });

  it('is told apart when stale, and gone once closed', async () => {
    const viewId = await openModal();
    const hash = rep.topView()?.hash ?? '';
    const update = (options: object) =>
      app.client.views.update({ view_id: viewId, view: modal('New'), ...options });
    await update({ hash });
    await expect(update({ hash })).rejects.toMatchObject({ data: { error: 'hash_conflict' } });
    await rep.closeView();
    expect(received.at(-1)).toMatchObject({ type: 'view_closed', is_cleared: false });
    await expect(update({})).rejects.toMatchObject({ data: { error: 'not_found' } });
  });

  it('may push again after a close, and no deeper than three', async () => {
    const first = await openModal();
    for (let round = 0; round < 4; round += 1) {
      await rep.submitView(first, { tier: 'A', note: 'push' });
      expect(rep.modals()).toHaveLength(2);
      await rep.closeView();
    }
    await rep.submitView(first, { note: 'push' });
    await rep.submitView(rep.topView()?.id ?? '', { tier: 'A', note: 'push' });
    const third = await rep.submitView(rep.topView()?.id ?? '', { tier: 'A', note: 'push' });
    expect(third.errors[0]?.message).toBe('push_limit_reached');
    expect(workspace.journal.takeViolations()).toHaveLength(1);
  });
});

describe('external ids', () => {
  it('are taken while a modal is open and free once it closed', async () => {
    const open = async () => {
      const trigger_id = await workspace.interactions.views.mintTrigger(other.user.id);
      const view = { ...modal('Named'), external_id: 'override-L-1' };
      return app.client.views.open({ trigger_id, view });
    };
    await open();
    await other.closeView();
    expect((await open()).ok).toBe(true);
    const again = open();
    await expect(again).rejects.toMatchObject({ data: { error: 'duplicate_external_id' } });
    await other.closeView();
  });

  it('trigger ids work once', async () => {
    const trigger_id = await workspace.interactions.views.mintTrigger(other.user.id);
    await app.client.views.open({ trigger_id, view: modal('Once') });
    const again = app.client.views.open({ trigger_id, view: modal('Twice') });
    await expect(again).rejects.toMatchObject({ data: { error: 'exchanged_trigger_id' } });
    await other.closeView();
  });
});

describe('a person at the command line', () => {
  it('sees an answer in the response, or the timeout', async () => {
    await rep.runCommand('/firstcall', 'quick');
    expect(rep.ephemerals('leads-growth').at(-1)?.text).toBe('At once');
    const hasty = createPerson(workspace, rep.user.id, server.url, SECRET, undefined, {
      deadlineMs: 100,
    });
    const silent = await hasty.runCommand('/firstcall', 'silent');
    expect(silent).toMatchObject({ status: 0, timedOut: true });
    expect(hasty.problems().at(-1)?.text).toContain('operation_timeout');
    await expect(rep.runCommand('/other', '')).rejects.toThrow('no command');
  });

  it('sees nothing that Slack would refuse, whichever way it came', async () => {
    const before = rep.ephemerals().length;
    const refused = () =>
      workspace.journal.takeViolations().map(({ method, errors }) => [method, errors[0]?.pointer]);
    await rep.runCommand('/firstcall', 'broken');
    expect(refused()).toEqual([['command_response', '/blocks/0/text/text']]);
    await rep.runCommand('/firstcall', 'broken later');
    await expect.poll(() => workspace.journal.violations.length).toBe(1);
    expect(refused()).toEqual([['response_url', '/blocks/0/text/text']]);
    const late = workspace.journal.calls({ method: 'response_url' }).at(-1);
    expect(late).toMatchObject({ httpStatus: 400, error: 'invalid_blocks', committed: false });
    const post = app.client.chat.postEphemeral({ channel, user: rep.user.id, ...broken });
    await expect(post).rejects.toMatchObject({ data: { error: 'invalid_blocks' } });
    expect(refused()).toEqual([['chat.postEphemeral', '/blocks/0/text/text']]);
    const viewId = await openModal();
    const answer = await rep.submitView(viewId, { tier: 'A', note: 'broken' });
    expect(answer.errors[0]?.pointer).toBe('/title/text');
    expect(refused()).toEqual([['view_submission_response', '/title/text']]);
    expect(rep.topView()?.title).toEqual(plain('Override'));
    expect(rep.ephemerals()).toHaveLength(before);
    await rep.closeView();
  });

  it('gets five answers by response_url and no sixth', async () => {
    workspace.interactions.journal.clear();
    await other.runCommand('/firstcall', 'often');
    await expect.poll(() => workspace.journal.count({ method: 'response_url' })).toBe(6);
    await expect
      .poll(() => workspace.journal.calls({ method: 'response_url' }).at(-1)?.error)
      .toBe('used_url');
    expect(other.ephemerals()).toHaveLength(5);
  });

  it('opens the home tab', async () => {
    await rep.openHome();
    await expect.poll(() => rep.home()?.blocks[0]).toMatchObject({ text: plain('My queue') });
    expect(other.home()).toBeUndefined();
  });
});
