import { createHmac } from 'node:crypto';
import { type JsonRecord, recordOf, recordsOf } from '../../demo/doubles/json.ts';
import { readBody, sendJson, startLoopbackServer } from '../../demo/doubles/loopback-server.ts';
import type { SlackWorkspace } from '../../demo/slack/workspace.ts';

export const SIGNING_SECRET = 'sample-signing-secret';

export interface StubApp {
  url: string;
  /** Every request whose signature was right. */
  received: JsonRecord[];
  close(): Promise<void>;
}

/** A tiny app in place of First Call: checks signatures and answers each kind of request once, plainly. */
export async function startStubApp(workspace: SlackWorkspace): Promise<StubApp> {
  const received: JsonRecord[] = [];
  const server = await startLoopbackServer(async (request, response) => {
    const body = await readBody(request);
    const stamp = String(request.headers['x-slack-request-timestamp']);
    const signature = createHmac('sha256', SIGNING_SECRET)
      .update(`v0:${stamp}:${body}`)
      .digest('hex');
    if (request.headers['x-slack-signature'] !== `v0=${signature}`) {
      return sendJson(response, 401, undefined);
    }
    const payload = readPayload(body, String(request.headers['content-type']));
    received.push(payload);
    sendJson(response, 200, await answer(workspace, payload));
  });
  return { url: server.url, received, close: () => server.close() };
}

function readPayload(body: string, contentType: string): JsonRecord {
  if (contentType.includes('json')) return JSON.parse(body);
  const form = Object.fromEntries(new URLSearchParams(body));
  return form.payload === undefined ? form : JSON.parse(form.payload);
}

async function answer(workspace: SlackWorkspace, payload: JsonRecord): Promise<unknown> {
  if (payload.command !== undefined) {
    return { response_type: 'ephemeral', text: `You asked for *${payload.text}*.` };
  }
  if (payload.type === 'event_callback') await publishHome(workspace, payload);
  if (payload.type === 'message_action') await openModal(workspace, payload);
  if (payload.type === 'block_actions') return answerAction(workspace, payload);
  if (payload.type === 'view_submission') return answerSubmission(payload);
  return undefined;
}

async function answerAction(workspace: SlackWorkspace, payload: JsonRecord): Promise<undefined> {
  const [action] = recordsOf(payload.actions);
  if (action?.action_id === 'override') await openModal(workspace, payload);
  if (action?.action_id === 'accept') {
    await callSlack(workspace, 'chat.update', {
      channel: recordOf(payload.channel).id,
      ts: recordOf(payload.container).message_ts,
      ...boardMessage(['L-BBBB', 'L-AAAA']),
    });
  }
  return undefined;
}

function answerSubmission(payload: JsonRecord): unknown {
  const state = recordOf(recordOf(payload.view).state);
  const note = recordOf(recordOf(recordOf(state.values).note).note).value;
  return note === 'wrong'
    ? { response_action: 'errors', errors: { note: 'This note is not good enough.' } }
    : undefined;
}

function publishHome(workspace: SlackWorkspace, payload: JsonRecord): Promise<JsonRecord> {
  const text = { type: 'mrkdwn', text: 'This is *your* home.' };
  const name = { type: 'text', text: 'W'.repeat(60), style: { bold: true } };
  const line = { type: 'rich_text_section', elements: [name] };
  return callSlack(workspace, 'views.publish', {
    user_id: recordOf(payload.event).user,
    view: {
      type: 'home',
      blocks: [
        { type: 'section', text },
        { type: 'rich_text', elements: [line] },
      ],
    },
  });
}

function openModal(workspace: SlackWorkspace, payload: JsonRecord): Promise<JsonRecord> {
  const plain = (text: string) => ({ type: 'plain_text', text });
  const options = ['B', 'C'].map((tier) => ({ text: plain(`Tier ${tier}`), value: tier }));
  const reasons = [{ text: plain('Wrong person'), value: 'wrong_person' }];
  const field = (id: string, label: string, element: JsonRecord, optional = false) => ({
    type: 'input',
    block_id: id,
    optional,
    label: plain(label),
    element: { action_id: id, ...element },
  });
  return callSlack(workspace, 'views.open', {
    trigger_id: payload.trigger_id,
    view: {
      type: 'modal',
      title: plain('Override'),
      submit: plain('Save'),
      close: plain('Cancel'),
      blocks: [
        field('target', 'What should it be?', {
          type: 'radio_buttons',
          options,
          initial_option: options[0],
        }),
        field('reason', 'Why?', { type: 'static_select', options: reasons }),
        field('lines', 'Which lines are wrong?', { type: 'checkboxes', options: reasons }, true),
        field('note', 'Note', { type: 'plain_text_input', multiline: true }, true),
      ],
    },
  });
}

/** A form with every kind of picker. */
export function pickersView(): JsonRecord {
  const plain = (text: string) => ({ type: 'plain_text', text });
  const field = (id: string, label: string, element: JsonRecord) => ({
    type: 'input',
    block_id: id,
    label: plain(label),
    element: { action_id: 'pick', ...element },
  });
  const days = ['Monday', 'Tuesday'].map((day) => ({
    text: plain(day),
    value: day.slice(0, 3).toLowerCase(),
  }));
  return {
    type: 'modal',
    title: plain('Pickers'),
    submit: plain('Save'),
    blocks: [
      field('who', 'Who', { type: 'users_select' }),
      field('team', 'Team', { type: 'multi_users_select' }),
      field('where', 'Where', { type: 'conversations_select' }),
      field('from', 'From', { type: 'timepicker', timezone: 'Europe/Berlin' }),
      field('until', 'Until', { type: 'datetimepicker' }),
      field('days', 'Days', {
        type: 'multi_static_select',
        options: days,
        initial_options: days.slice(0, 1),
      }),
    ],
  };
}

/** A board of leads in this order, with an overflow menu each. */
export function boardMessage(shortIds: readonly string[]): JsonRecord {
  const rows = shortIds.map((shortId) => [
    { type: 'divider' },
    {
      type: 'section',
      text: { type: 'mrkdwn', text: `*Dana Sample* &lt;!channel&gt; ${shortId}` },
    },
    {
      type: 'actions',
      block_id: `board.${shortId}`,
      elements: [
        ...['accept', 'override'].map((action) => ({
          type: 'button',
          action_id: action,
          value: shortId,
          text: { type: 'plain_text', text: action },
          accessibility_label: `${action} ${shortId}`,
        })),
        {
          type: 'overflow',
          action_id: 'more',
          options: [{ text: { type: 'plain_text', text: 'Why' }, value: `why.${shortId}` }],
        },
      ],
    },
  ]);
  return { text: 'Leads to call', blocks: rows.flat() };
}

/** As the app: through the proxy, with the bot's token. */
export async function callSlack(
  workspace: SlackWorkspace,
  method: string,
  args: JsonRecord,
): Promise<JsonRecord> {
  const response = await fetch(`${workspace.apiUrl}${method}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${workspace.botToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(args),
  });
  const body = recordOf(await response.json());
  if (body.ok !== true) throw new Error(`${method}: ${JSON.stringify(body)}`);
  return body;
}
