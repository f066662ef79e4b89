import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSalesforce, type Salesforce } from '../../demo/salesforce/salesforce.ts';
import type { PageReply, PageState } from '../../demo/server/page-state.ts';
import { type DemoPage, startDemoPage } from '../../demo/server/start-demo-page.ts';
import type { SlackWorkspace } from '../../demo/slack/workspace.ts';
import { createCheckedWorkspace } from '../support/checked-workspace.ts';
import { boardMessage, callSlack, SIGNING_SECRET, type StubApp, startStubApp } from './stub-app.ts';

let workspace: SlackWorkspace;
let salesforce: Salesforce;
let app: StubApp;
let page: DemoPage & { ok: true };
let channel: string;
let ts: string;

beforeAll(async () => {
  workspace = await createCheckedWorkspace({ rateLimits: 'off' });
  salesforce = await createSalesforce();
  app = await startStubApp(workspace);
  page = await start(app.url);
  channel = workspace.channelId('leads-growth');
  const posted = await callSlack(workspace, 'chat.postMessage', {
    channel,
    ...boardMessage(['L-AAAA', 'L-BBBB']),
  });
  ts = String(posted.ts);
});

afterAll(async () => {
  await page?.close();
  await app?.close();
  await salesforce?.close();
  await workspace?.close();
});

async function start(appUrl: string, port = 0): Promise<DemoPage & { ok: true }> {
  const started = await tryStart(appUrl, port);
  if (!started.ok) throw new Error(started.message);
  return started;
}

function tryStart(appUrl: string, port: number): Promise<DemoPage> {
  const log = () => undefined;
  return startDemoPage({ workspace, salesforce, appUrl, signingSecret: SIGNING_SECRET, port, log });
}

async function stateFor(as: string): Promise<PageState> {
  const response = await fetch(`${page.url}/api/state?as=${as}`);
  return (await response.json()) as PageState;
}

async function post(path: string, body: object, url = page.url): Promise<PageReply> {
  const response = await fetch(`${url}/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as PageReply;
}

function clickOn(actionId: string, value: object): object {
  return {
    as: workspace.users.repOne.id,
    surface: { kind: 'message', channel, ts },
    blockId: 'board.L-AAAA',
    actionId,
    value,
    values: {},
  };
}

describe('the demo page server', () => {
  it('shows each person the channels, and their own messages with the app', async () => {
    const state = await stateFor(workspace.users.manager.id);
    expect(state.me).toMatchObject({ name: 'Sample Manager', role: 'Manager' });
    expect(state.people.map(({ role }) => role)).toEqual(['Rep', 'Rep', 'Manager', 'Admin']);
    expect(state.channels.map(({ name }) => name)).toEqual([
      'leads-enterprise',
      'leads-growth',
      'First Call',
    ]);
    const growth = state.channels.find(({ id }) => id === channel);
    expect(growth?.messages[0]).toMatchObject({ ts, fromApp: true, ephemeral: false });
  });

  it('takes an unknown person for the first one', async () => {
    expect((await stateFor('U-NOBODY')).me.name).toBe('Sample Rep One');
  });

  it('turns a click into a signed request of the one who clicked', async () => {
    const reply = await post('click', clickOn('accept', { type: 'button', value: 'L-AAAA' }));
    expect(reply).toEqual({ ok: true, notice: null });
    expect(app.received.at(-1)).toMatchObject({
      type: 'block_actions',
      user: { id: workspace.users.repOne.id },
      actions: [{ action_id: 'accept', value: 'L-AAAA', block_id: 'board.L-AAAA' }],
    });
  });

  it('turns a menu choice into the option that was picked', async () => {
    const option = { text: { type: 'plain_text', text: 'Why' }, value: 'why.L-AAAA' };
    await post('click', clickOn('more', { type: 'overflow', selected_option: option }));
    expect(app.received.at(-1)).toMatchObject({
      actions: [{ action_id: 'more', selected_option: { value: 'why.L-AAAA' } }],
    });
  });

  it('opens a modal for the one who clicked only, and sends what they put in', async () => {
    const { repOne, repTwo } = workspace.users;
    await post('click', clickOn('override', { type: 'button', value: 'L-AAAA' }));
    const { modal } = await stateFor(repOne.id);
    expect(modal).toMatchObject({ title: 'Override', submit: 'Save', close: 'Cancel' });
    expect((await stateFor(repTwo.id)).modal).toBeNull();

    const missing = await post('submit', { as: repOne.id, viewId: modal?.id, values: {} });
    const problem = 'Please look at the form again: reason is empty.';
    expect(missing).toMatchObject({ ok: false, problem });

    const values = {
      reason: { reason: { type: 'static_select', selected_option: { value: 'wrong_person' } } },
      lines: { lines: { type: 'checkboxes', selected_options: [{ value: 'wrong_person' }] } },
      note: { note: { type: 'plain_text_input', value: 'wrong' } },
    };
    await post('submit', { as: repOne.id, viewId: modal?.id, values });
    expect((await stateFor(repOne.id)).modal?.errors).toEqual({
      note: 'This note is not good enough.',
    });

    values.note.note.value = 'fine';
    await post('submit', { as: repOne.id, viewId: modal?.id, values });
    expect((await stateFor(repOne.id)).modal).toBeNull();
    expect(app.received.at(-1)).toMatchObject({
      type: 'view_submission',
      view: {
        state: {
          values: {
            target: { target: { selected_option: { value: 'B' } } },
            lines: { lines: { selected_options: [{ value: 'wrong_person' }] } },
            note: { note: { value: 'fine' } },
          },
        },
      },
    });
  });

  it('runs a command and shows its answer to that person only', async () => {
    const { repTwo, repOne } = workspace.users;
    const text = '/firstcall why  Dana   Sample';
    expect((await post('command', { as: repTwo.id, channel, text })).ok).toBe(true);
    expect(app.received.at(-1)).toMatchObject({
      command: '/firstcall',
      text: 'why  Dana   Sample',
    });
    const seen = async (id: string) =>
      (await stateFor(id)).channels
        .flatMap(({ messages }) => messages)
        .filter(({ ephemeral }) => ephemeral);
    expect(await seen(repTwo.id)).toHaveLength(1);
    expect(await seen(repOne.id)).toHaveLength(0);
    const unknown = await post('command', { as: repTwo.id, channel, text: '/other' });
    expect(unknown).toMatchObject({ ok: false, problem: expect.stringContaining('/firstcall') });
  });

  it('opens the home, and closes a modal', async () => {
    const { admin } = workspace.users;
    expect((await stateFor(admin.id)).home).toBeNull();
    await post('home', { as: admin.id });
    expect((await stateFor(admin.id)).home?.blocks).toHaveLength(2);

    await post('shortcut', { as: admin.id, channel, ts, callbackId: 'lead_why_shortcut' });
    const { modal } = await stateFor(admin.id);
    expect(modal).not.toBeNull();
    await post('close', { as: admin.id, viewId: modal?.id });
    expect((await stateFor(admin.id)).modal).toBeNull();
  });

  it('shows the CRM as it stands', async () => {
    const { Id } = salesforce.createLead({ LastName: 'Sample', Company: 'Example Freight' });
    salesforce.updateLead(Id, { First_Call_Score__c: 87, First_Call_Tier__c: 'A' });
    const { crm } = await stateFor(workspace.users.admin.id);
    expect(crm.leads).toEqual([
      expect.objectContaining({
        id: Id,
        name: 'Sample',
        company: 'Example Freight',
        owner: 'Sample Rep One',
        status: 'Open - Not Contacted',
        score: '87',
        tier: 'A',
        decision: null,
      }),
    ]);
    expect(Number.isNaN(Date.parse(crm.leads[0]?.changedAt ?? ''))).toBe(false);
  });

  it('says in words that the app is down, and that nothing was done', async () => {
    const lonely = await start('http://127.0.0.1:9');
    const reply = await post(
      'click',
      clickOn('more', { type: 'overflow', selected_option: { value: 'why.L-AAAA' } }),
      lonely.url,
    );
    await lonely.close();
    expect(reply).toMatchObject({
      ok: false,
      problem: expect.stringContaining('nothing was done'),
    });
  });

  it('says that a message changed under the click', async () => {
    const gone = { ...clickOn('accept', { type: 'button', value: 'L-ZZZZ' }), blockId: 'gone' };
    expect(await post('click', gone)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('click again'),
    });
  });

  it('tells every page of a change at once', async () => {
    const events = await fetch(`${page.url}/api/events?as=${workspace.users.repOne.id}`);
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const readUntil = async (wanted: string) => {
      while (!text.includes(wanted)) text += (await reader?.read())?.value ?? '';
    };
    await readUntil('event: state');
    await callSlack(workspace, 'chat.postMessage', { channel, text: 'Sample news' });
    await readUntil('Sample news');
    await reader?.cancel();
  });

  it('answers to nobody but its own page', async () => {
    const strange = await fetch(`${page.url}/api/state`, {
      headers: { origin: 'https://evil.example' },
    });
    expect(strange.status).toBe(403);
    const unreadable = await fetch(`${page.url}/api/click`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(unreadable.status).toBe(400);
    const html = await fetch(page.url);
    expect(html.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await fetch(`${page.url}/../package.json`)).status).toBe(404);
  });

  it('says which port is taken and what to do', async () => {
    const port = Number(new URL(page.url).port);
    expect(await tryStart(app.url, port)).toEqual({
      ok: false,
      message: `Port ${port} is taken, so the demo page cannot start. Stop what uses it, or choose another port.`,
    });
  });
});
