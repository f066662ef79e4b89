import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JsonRecord } from '../../../demo/doubles/json.ts';
import { recordOf } from '../../../demo/doubles/json.ts';
import { type AppSender, createAppSender } from '../../../demo/slack/app-request.ts';
import { eventPayload } from '../../../demo/slack/payloads.ts';
import {
  comesFromElsewhere,
  type SlackOrigin,
} from '../../../src/delivery/slack-app/workspace-guard.ts';
import { eventually } from '../../support/eventually.ts';
import { sampleLead } from '../../support/fake-lead-views.ts';
import { uniqueLeads } from '../../support/hostile-views.ts';
import {
  SIGNING_SECRET,
  type SlackHarness,
  startSlackHarness,
} from '../../support/slack-harness.ts';

const LEADS = uniqueLeads([sampleLead()]);
const OTHER = 'T0OTHER';
const REFUSAL = 'This First Call belongs to another workspace.';

let slack: SlackHarness;
let sender: AppSender;
let board: { channel: string; ts: string };

beforeAll(async () => {
  slack = await startSlackHarness(LEADS);
  sender = createAppSender(slack.url, SIGNING_SECRET, slack.workspace.clock);
});
afterAll(() => slack.close());
beforeEach(async () => {
  board = await slack.postBoard();
});

/** What Slack sends when somebody of another workspace acts in a channel that both share. */
function fromElsewhere(payload: JsonRecord): JsonRecord {
  return { ...payload, user: { ...recordOf(payload.user), team_id: OTHER } };
}

const told = () => slack.person('repOne').ephemerals().at(-1)?.text;
const topView = () => JSON.stringify(slack.person('repOne').topView() ?? null);

describe('somebody of another workspace, in a channel that both share', () => {
  test('clicks a button: refused in one sentence, nothing is recorded', async () => {
    const { payload } = await slack
      .person('repOne')
      .clickButton({ ...board, actionId: 'lead_override' });
    const action = { ...recordOf((payload.actions as unknown[])[0]), action_id: 'lead_accept' };
    const answer = await sender.sendPayload(fromElsewhere({ ...payload, actions: [action] }));
    expect(answer.status).toBe(200);
    await eventually(() => expect(told()).toBe(REFUSAL));
    expect(slack.fake.ledger.rows).toEqual([]);
  });

  test('submits a modal: the view says whose app it is, the user and team are theirs', async () => {
    const rep = slack.person('repOne');
    await rep.clickButton({ ...board, actionId: 'lead_override' });
    await eventually(() => expect(topView()).toContain('What should it be?'));
    const viewId = rep.topView()?.id ?? '';
    const { payload } = await rep.submitView(viewId, { target: 'C', reason: 'tier:more_urgent' });
    await eventually(() => expect(slack.fake.ledger.rows).toHaveLength(1));
    const team = { id: OTHER, domain: 'other' };
    const view = { ...recordOf(payload.view), id: 'V0OTHER' };
    const answer = await sender.sendPayload({ ...fromElsewhere(payload), team, view });
    expect(JSON.stringify(answer.body)).toContain(REFUSAL);
    expect(slack.fake.ledger.rows).toHaveLength(1);
  });

  test('uses the message shortcut', async () => {
    const before = slack.person('repOne').ephemerals().length;
    const { payload } = await slack.person('repOne').useMessageShortcut(board);
    await eventually(() => expect(topView()).toContain('87 points'));
    const opened = topView();
    await sender.sendPayload(fromElsewhere(payload));
    await eventually(() => expect(slack.person('repOne').ephemerals().length).toBe(before + 1));
    expect(told()).toBe(REFUSAL);
    expect(topView()).toBe(opened);
  });

  test('opens App Home: their workspace is in the event, ours in the authorization', async () => {
    const user = slack.workspace.users.repTwo.id;
    const event = { type: 'app_home_opened', user, tab: 'home', channel: 'D1', event_ts: '1.1' };
    const queue = vi.spyOn(slack.fake.deps.queries, 'queue');
    await sender.sendJson({ ...eventPayload(slack.workspace, event), team_id: OTHER });
    await eventually(() =>
      expect(JSON.stringify(slack.person('repTwo').home())).toContain(REFUSAL),
    );
    expect(queue).not.toHaveBeenCalled();
    queue.mockRestore();
  });
});

describe('who comes from elsewhere', () => {
  const ours = { id: 'T1' };
  const inGrid = { id: 'T1', enterprise_id: 'E1' };
  test.each<[string, string, SlackOrigin, boolean]>([
    ['one of ours', 'T1', { user: { team_id: 'T1' }, team: ours }, false],
    ['a payload without the user’s team', 'T1', { user: {}, team: ours }, false],
    ['a stranger', 'T1', { user: { team_id: 'T2' }, team: ours }, true],
    ['a stranger who submits', 'T1', { user: { team_id: 'T2' }, team: { id: 'T2' } }, true],
    ['one of our organisation', 'T1', { user: { team_id: 'E1' }, team: inGrid }, false],
    ['another organisation', 'T1', { user: { team_id: 'E2' }, team: inGrid }, true],
    [
      'another organisation that names its own',
      'T1',
      { user: { team_id: 'E2' }, team: { id: 'T2', enterprise_id: 'E2' } },
      true,
    ],
    ['an organisation install, by its id', 'E1', { user: { team_id: 'E1' }, team: null }, false],
    ['an organisation install, by workspace', 'E1', { user: { team_id: 'T3' }, team: null }, false],
    [
      'an organisation install, one of its workspaces',
      'E1',
      { user: { team_id: 'T3' }, team: { id: 'T3', enterprise_id: 'E1' } },
      false,
    ],
    ['an organisation install, a stranger', 'E1', { user: { team_id: 'E2' }, team: null }, true],
    [
      'an organisation install, a stranger who submits',
      'E1',
      { user: { team_id: 'T2' }, team: { id: 'T2' } },
      true,
    ],
    ['a command of ours', 'T1', { team_id: 'T1' }, false],
    ['an event elsewhere', 'T1', { team_id: 'T2' }, true],
    ['an event of our organisation', 'E1', { team_id: 'T3', enterprise_id: 'E1' }, false],
    ['an event of another organisation', 'E1', { team_id: 'T2', enterprise_id: 'E2' }, true],
    [
      'an event of our workspace in an organisation',
      'T1',
      {
        team_id: 'E1',
        enterprise_id: 'E1',
        authorizations: [{ team_id: 'T1', enterprise_id: 'E1' }],
      },
      false,
    ],
  ])('%s', (_name, teamId, origin, expected) => {
    expect(comesFromElsewhere({ teamId }, origin)).toBe(expected);
  });
});
