import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type JsonRecord, recordOf } from '../../../demo/doubles/json.ts';
import { type AppSender, createAppSender } from '../../../demo/slack/app-request.ts';
import { commandForm } from '../../../demo/slack/payloads.ts';
import { cleanText } from '../../../src/delivery/slack-app/clean-body.ts';
import { eventually } from '../../support/eventually.ts';
import { sampleLead } from '../../support/fake-lead-views.ts';
import { uniqueLeads } from '../../support/hostile-views.ts';
import {
  SIGNING_SECRET,
  type SlackHarness,
  startSlackHarness,
} from '../../support/slack-harness.ts';

const LEADS = uniqueLeads([sampleLead()]);
const UNKNOWN = /is not one that First Call knows now\. Nothing was done.*ref \d{8}/;

let slack: SlackHarness;
let sender: AppSender;
let warned: unknown[];

beforeAll(async () => {
  slack = await startSlackHarness(LEADS);
  sender = createAppSender(slack.url, SIGNING_SECRET, slack.workspace.clock);
});
afterAll(() => slack.close());
beforeEach(() => {
  warned = [];
  vi.spyOn(slack.fake.deps.log, 'warn').mockImplementation((about: unknown) => {
    warned.push(about);
  });
});

const rep = () => slack.person('repOne');
const told = () => rep().ephemerals().at(-1)?.text ?? '';
const modal = () => JSON.stringify(rep().topView() ?? null);

/** Opens the override form on a board of its own; returns the click that did. */
async function openOverride(): Promise<JsonRecord> {
  while (rep().topView() !== undefined) await rep().closeView();
  const board = await slack.postBoard();
  const { payload } = await rep().clickButton({ ...board, actionId: 'lead_override' });
  await eventually(() => expect(modal()).toContain('What should it be?'));
  return payload;
}

/** A real click of a rep, with its action changed on the way. */
async function forge(change: JsonRecord): Promise<void> {
  const payload = await openOverride();
  const [action] = payload.actions as unknown[];
  const before = rep().ephemerals().length;
  const answer = await sender.sendPayload({
    ...payload,
    actions: [{ ...recordOf(action), action_ts: String(performance.now()), ...change }],
  });
  expect(answer.status).toBe(200);
  await eventually(() => expect(rep().ephemerals().length).toBe(before + 1));
}

describe('a button that is not ours', () => {
  const odd = [
    '',
    'x',
    'not-a-uuid.1',
    `${LEADS[0]?.leadId}`,
    `${LEADS[0]?.leadId}.x`,
    '1'.repeat(2_000),
  ];
  test.each<[string, JsonRecord]>([
    ['an unknown action', { action_id: 'lead_delete_everything' }],
    ['an action of an earlier version', { action_id: 'rules_page_last', value: '1' }],
    ...['lead_accept', 'lead_why', 'lead_override', 'lead_release'].flatMap((id) =>
      odd.map((value): [string, JsonRecord] => [
        `${id} with ${value.slice(0, 40)}`,
        { action_id: id, value },
      ]),
    ),
    ['undo without a value', { action_id: 'decision_undo', value: undefined }],
    ['undo of no id', { action_id: 'decision_undo', value: 'decision-1' }],
    ['a held event of no id', { action_id: 'held_event_retry', value: "1' or 1=1" }],
    ['a menu without an option', { action_id: 'lead_more', type: 'overflow' }],
    [
      'a menu entry of no lead',
      { action_id: 'lead_more', type: 'overflow', selected_option: { value: 'snooze.1.1' } },
    ],
    ['a page of no number', { action_id: 'rules_page_next', value: 'one' }],
  ])('%s: acknowledged, told in one sentence, logged by its ids', async (_name, change) => {
    const rows = slack.fake.ledger.rows.length;
    await forge(change);
    expect(told()).toMatch(UNKNOWN);
    expect(slack.fake.ledger.rows).toHaveLength(rows);
    expect(JSON.stringify(warned)).toContain(String(change.action_id));
    expect(JSON.stringify(warned)).toContain(slack.workspace.users.repOne.id);
  });
});

describe('a form that is not ours', () => {
  async function submitForged(change: JsonRecord): Promise<string> {
    await openOverride();
    const viewId = rep().topView()?.id ?? '';
    const entered = { target: 'C', reason: 'tier:more_urgent', note: 'forging' };
    const { payload } = await rep().submitView(viewId, entered);
    await eventually(() => expect(modal()).toContain('Recorded'));
    const view = { ...recordOf(payload.view), id: 'V0FORGED', ...change };
    const answer = await sender.sendPayload({ ...payload, view });
    expect(answer.status).toBe(200);
    return JSON.stringify(answer.body);
  }

  test.each<[string, JsonRecord]>([
    ['an unknown form', { callback_id: 'lead_delete_view' }],
    ['no metadata', { private_metadata: '' }],
    ['metadata of something else', { private_metadata: '{"leadId":"1"}' }],
    [
      'metadata with a lead id that is none',
      {
        private_metadata: JSON.stringify({
          leadId: "x'; drop table leads",
          surface: 'board',
          channel: null,
          tier: 'A',
        }),
      },
    ],
    ['a rule change without metadata', { callback_id: 'rule_change_view', private_metadata: '' }],
    ['a publish without metadata', { callback_id: 'rule_publish_view', private_metadata: '{}' }],
    ['a rollback to nothing', { callback_id: 'rules_rollback_view', private_metadata: '{}' }],
    [
      'a rollback to a version out of range',
      {
        callback_id: 'rules_rollback_view',
        private_metadata: '{"baseVersion":12}',
        state: { values: { version: { version: { selected_option: { value: '99999999999' } } } } },
      },
    ],
  ])('%s: the form says so and nothing is recorded', async (_name, change) => {
    const shown = await submitForged(change);
    expect(shown).toMatch(UNKNOWN);
    expect(slack.fake.ledger.rows.some(({ context }) => context.leadId.includes('drop'))).toBe(
      false,
    );
    expect(slack.fake.rules.published).toEqual([]);
  });

  const lead = { leadId: LEADS[0]?.leadId, surface: 'board', channel: null };
  const snooze = { callback_id: 'lead_snooze_view', private_metadata: JSON.stringify(lead) };
  const handOver = {
    callback_id: 'lead_hand_over_view',
    private_metadata: JSON.stringify({ ...lead, rep: null }),
  };
  const entered = (id: string, state: JsonRecord) => ({
    state: { values: { [id]: { [id]: state } } },
  });
  const option = (value: string) => entered('when', { selected_option: { value } });
  const moment = (seconds: number) => entered('other_time', { selected_date_time: seconds });
  const member = (selected_user: string) => entered('to_member', { selected_user });

  test.each<[string, JsonRecord, RegExp]>([
    ['a snooze without a time', { ...snooze, state: { values: {} } }, /Pick a time/],
    ['a time that is no number', { ...snooze, ...option('soon') }, /Pick a time/],
    ['a time of long ago', { ...snooze, ...option('1000000000') }, /has passed/],
    ['a time of the far future', { ...snooze, ...option('9999999999') }, /more than 30 days/],
    ['a time beyond all dates', { ...snooze, ...moment(1e300) }, /Pick a time/],
    ['a moment of long ago', { ...snooze, ...moment(1) }, /has passed/],
    ['nobody to hand over to', { ...handOver, state: { values: {} } }, /Pick a colleague/],
    ['a receiver who is no user', { ...handOver, ...member("U1' or 1=1") }, /Pick a colleague/],
    ['a receiver who is a channel', { ...handOver, ...member('C0BOARD') }, /Pick a colleague/],
    ['a hand over of another form', { ...handOver, private_metadata: '{}' }, UNKNOWN],
    [
      'a surface of ours that does not exist',
      { ...snooze, private_metadata: JSON.stringify({ ...lead, surface: 'root' }) },
      UNKNOWN,
    ],
  ])('%s: refused where it was entered, and nothing is recorded', async (_name, change, said) => {
    const shown = await submitForged(change);
    expect(shown).toMatch(said);
    expect(slack.fake.ledger.rows.every(({ kind }) => kind === 'overridden')).toBe(true);
  });

  test('NUL and half a surrogate pair do not reach the ledger', async () => {
    await openOverride();
    const viewId = rep().topView()?.id ?? '';
    const note = 'They\u0000 called \ud800 us';
    await rep().submitView(viewId, { target: 'B', reason: 'tier:more_urgent', note });
    await eventually(() => expect(modal()).toContain('Recorded'));
    expect(slack.fake.ledger.rows.at(-1)?.input?.note).toBe('They called \ufffd us');
  });
});

test('other requests that nothing answers: a command, a shortcut', async () => {
  const { workspace } = slack;
  const user = workspace.users.repOne;
  const use = { command: '/other', text: '', channel: workspace.channelId('leads-growth') };
  const form = commandForm(workspace, user, { ...use, triggerId: 't', responseUrl: 'http://x' });
  expect((await sender.sendForm(form)).body).toMatch(UNKNOWN);
  const board = await slack.postBoard();
  const { payload } = await rep().useMessageShortcut(board);
  await sender.sendPayload({ ...payload, callback_id: 'gone_shortcut' });
  await eventually(() => expect(told()).toMatch(UNKNOWN));
});

test('a search for NUL is a search like any other', async () => {
  const find = vi.spyOn(slack.fake.deps.queries, 'find');
  await rep().runCommand('/firstcall', 'why \u0000Dana');
  await eventually(() => expect(find).toHaveBeenCalledWith('Dana'));
});

test('cleaning leaves every other text as it is', () => {
  expect(cleanText('a\u0000b\ud83d\ude00')).toBe('ab\ud83d\ude00');
});

test('nothing that we sent broke a limit of Slack', () => {
  expect(slack.workspace.journal.violations).toEqual([]);
});
