import { WebClient } from '@slack/web-api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Person } from '../../../demo/slack/person.ts';
import type { SampleUserKey } from '../../../demo/slack/workspace.ts';
import { drawHome } from '../../../src/delivery/listeners/publish-home.ts';
import { sentence } from '../../../src/delivery/replies/sentence.ts';
import { eventually } from '../../support/eventually.ts';
import { sampleTeamSection } from '../../support/fake-home.ts';
import { NOW, sampleLead } from '../../support/fake-lead-views.ts';
import { uniqueLeads } from '../../support/hostile-views.ts';
import { type SlackHarness, startSlackHarness } from '../../support/slack-harness.ts';

const LEADS = uniqueLeads(
  Array.from({ length: 25 }, (_, index) => sampleLead({ shortId: `L-4F${index + 10}` })),
);

let slack: SlackHarness;
beforeAll(async () => {
  slack = await startSlackHarness(LEADS);
});
afterAll(() => slack.close());
beforeEach(() => {
  slack.fake.ledger.rows.length = 0;
  slack.fake.homes.clear();
});
afterEach(() => vi.restoreAllMocks());

const drawn = (person: Person) => JSON.stringify(person.home()?.blocks ?? null);
const at = (person: Person) => ({ viewId: person.home()?.id ?? '' });
const onTop = (person: Person) => JSON.stringify(person.topView()?.blocks ?? null);
const shows = (person: Person, text: RegExp | string) =>
  eventually(() => expect(drawn(person)).toMatch(text));

async function opened(key: SampleUserKey): Promise<Person> {
  const person = slack.person(key);
  const before = person.home()?.hash;
  await person.openHome();
  await eventually(() => expect(person.home()?.hash).not.toBe(before));
  return person;
}

describe('a rep', () => {
  test('filters and turns pages in place; the answer to a click stands above', async () => {
    const rep = await opened('repOne');
    expect(drawn(rep)).toContain('1 to 10 of 25');
    await rep.clickButton({ ...at(rep), actionId: 'home_page_next' });
    await shows(rep, /11 to 20 of 25/);
    await rep.choose({ ...at(rep), actionId: 'home_filter', answer: 'accepted' });
    await shows(rep, /home_filter\.accepted/);
    expect(drawn(rep)).toContain('3 leads accepted by you');

    await rep.choose({ ...at(rep), actionId: 'home_filter', answer: 'all' });
    await shows(rep, /1 to 10 of 25/);
    const value = `${LEADS[0]?.leadId}.0`;
    await rep.clickButton({ ...at(rep), actionId: 'lead_accept', value });
    await shows(rep, /Yours to call: A, L-4F10/);
    expect(drawn(rep).indexOf('Yours to call')).toBeLessThan(drawn(rep).indexOf('Your queue'));
    expect(slack.fake.ledger.rows.at(-1)?.context.surface).toBe('home');
  });

  test('a form that was opened there is answered there, too', async () => {
    const rep = await opened('repTwo');
    const value = `${LEADS[3]?.leadId}.0`;
    await rep.clickButton({ ...at(rep), actionId: 'lead_override', value });
    await eventually(() => expect(onTop(rep)).toContain('What should it be?'));
    const form = { target: 'C', reason: 'tier:more_urgent' };
    await rep.submitView(rep.topView()?.id ?? '', form);
    await eventually(() => expect(onTop(rep)).toContain('L-4F13 is C now'));
    await shows(rep, /L-4F13 is C now/);
    await rep.closeView();
  });

  test('what is sent twice by Slack is one opening: the event’s own id is kept', async () => {
    const heard = vi.spyOn(slack.fake.deps.homeStates, 'opened');
    const rep = await opened('repOne');
    const event = { type: 'app_home_opened', user: rep.user.id, channel: 'D0', tab: 'home' };
    await rep.sendEvent({ ...event, event_ts: '1.1' }, { eventId: 'Ev1' });
    await rep.sendEvent({ ...event, event_ts: '1.1' }, { eventId: 'Ev1', retryNum: 1 });
    await rep.sendEvent({ ...event, tab: 'messages', event_ts: '1.2' }, { eventId: 'Ev2' });
    await eventually(() => expect(heard).toHaveBeenCalledTimes(3));
    expect(heard.mock.calls.slice(1)).toEqual([
      [rep.user.id, 'Ev1'],
      [rep.user.id, 'Ev1'],
    ]);
  });

  test('the introduction is put away for good', async () => {
    const rep = await opened('repTwo');
    expect(drawn(rep)).toContain('Accept makes a lead yours');
    await rep.clickButton({ ...at(rep), actionId: 'home_got_it' });
    await eventually(() => expect(drawn(rep)).not.toContain('How it works'));
    expect(drawn(await opened('repTwo'))).not.toContain('Got it');
  });

  test('a part that hangs or fails says so in time, and the rest is there', async () => {
    vi.spyOn(slack.fake.deps.home, 'figures').mockReturnValue(new Promise(() => undefined));
    vi.spyOn(slack.fake.deps.home, 'overrides').mockRejectedValue(new Error('away'));
    const rep = await opened('repOne');
    expect(drawn(rep)).toContain('Your figures cannot be read now.');
    expect(drawn(rep)).toContain('What came of your overrides cannot be read now.');
    expect(drawn(rep)).toContain('1 to 10 of 25');
  });
});

test('a part that was late is added when it is there, unless something newer was drawn', async () => {
  const late = Promise.withResolvers<void>();
  const { home } = slack.fake.deps;
  const read = home.figures;
  vi.spyOn(home, 'figures').mockImplementation((userId) => late.promise.then(() => read(userId)));
  const [rep, other] = [await opened('repOne'), await opened('repTwo')];
  for (const person of [rep, other]) expect(drawn(person)).toContain('Your figures cannot be read');
  vi.mocked(home.figures).mockImplementation(async () => Promise.reject(new Error('away')));
  await other.choose({ ...at(other), actionId: 'home_filter', answer: 'due' });
  await shows(other, /home_filter\.due/);
  late.resolve();
  await shows(rep, /median 6 min/);
  expect(drawn(other)).toContain('Your figures cannot be read');
  expect(drawn(other)).toContain('home_filter.due');
});

test('a slow page never takes the place of a newer one, which tells what the slow one had to', async () => {
  const { homeStates } = slack.fake.deps;
  const rep = await opened('repOne');
  const slow = Promise.withResolvers<void>();
  const read = homeStates.read;
  const first = vi.spyOn(homeStates, 'read').mockImplementationOnce(async (userId) => {
    const asItWas = await read(userId);
    await slow.promise;
    return asItWas;
  });
  const value = `${LEADS[7]?.leadId}.0`;
  await rep.clickButton({ ...at(rep), actionId: 'lead_accept', value });
  await eventually(() => expect(first).toHaveBeenCalled());
  await rep.choose({ ...at(rep), actionId: 'home_filter', answer: 'due' });
  await shows(rep, /home_filter\.due/);
  expect(drawn(rep)).toContain('Yours to call: A, L-4F17');

  const goesOn = vi.spyOn(slack.fake.deps.home, 'queue');
  slow.resolve();
  await eventually(() => expect(goesOn).toHaveBeenCalled());
  // Begun later, so that it ends later.
  await opened('repTwo');
  expect(drawn(rep)).toContain('home_filter.due');
});

test('a newer page waits for the one that is on its way, and is the last to arrive', async () => {
  const first = Promise.withResolvers<void>();
  const sent: string[] = [];
  const client = new WebClient('sample-token');
  vi.spyOn(client.views, 'publish').mockImplementation(async (args) => {
    sent.push(JSON.stringify(args?.view));
    if (sent.length === 1) await first.promise;
    return { ok: true };
  });
  const userId = slack.workspace.users.repOne.id;
  const older = drawHome(slack.fake.deps, { client, userId });
  await eventually(() => expect(sent).toHaveLength(1));
  const built = vi.spyOn(slack.fake.deps.home, 'figures');
  const newer = drawHome(slack.fake.deps, { client, userId, notice: sentence('Newer.') });
  await eventually(() => expect(built).toHaveBeenCalled());
  // Begun later, so that the newer one is drawn by now.
  await opened('repTwo');
  expect(sent).toHaveLength(1);
  first.resolve();
  await Promise.all([older, newer]);
  expect(sent).toHaveLength(2);
  expect(sent[1]).toContain('Newer.');
});

describe('a manager', () => {
  test('assigns a lead from the second page of a team; list and App Home follow', async () => {
    const manager = await opened('manager');
    await manager.clickButton({ ...at(manager), actionId: 'team_assign' });
    await eventually(() => expect(onTop(manager)).toContain('25 leads open, accepted or snoozed'));
    const list = { viewId: manager.topView()?.id ?? '' };
    await manager.clickButton({ ...list, actionId: 'team_page_next' });
    await eventually(() => expect(onTop(manager)).toContain('11 to 20 of 25'));
    const value = `${LEADS[12]?.leadId}.1`;
    await manager.clickButton({ ...list, actionId: 'lead_assign', value });
    await eventually(() => expect(onTop(manager)).toContain('Who has it next?'));

    await manager.submitView(manager.topView()?.id ?? '', { assignee: 'U0OTHER' });

    await eventually(() => expect(onTop(manager)).toContain('L-4F22 is assigned to'));
    await shows(manager, /L-4F22 is assigned to/);
    const [row] = slack.fake.ledger.rows;
    expect(row?.context).toMatchObject({
      ...{ leadId: LEADS[12]?.leadId, actor: manager.user.id, surface: 'home' },
    });
    await manager.closeView();
    await eventually(() => expect(onTop(manager)).toContain('11 to 20 of 25'));
    await manager.closeView();
  });

  test('a lead that left the team meanwhile is not assigned', async () => {
    const manager = await opened('manager');
    await manager.clickButton({ ...at(manager), actionId: 'team_assign' });
    await eventually(() => expect(onTop(manager)).toContain('lead_assign'));
    const value = `${LEADS[0]?.leadId}.0`;
    const list = { viewId: manager.topView()?.id ?? '' };
    await manager.clickButton({ ...list, actionId: 'lead_assign', value });
    await eventually(() => expect(onTop(manager)).toContain('Who has it next?'));
    vi.spyOn(slack.fake.deps.home, 'assignable').mockResolvedValue(null);
    await manager.submitView(manager.topView()?.id ?? '', { assignee: 'back' });
    await eventually(() => expect(onTop(manager)).toContain('not with a team of yours'));
    expect(slack.fake.ledger.rows).toEqual([]);
    while (manager.topView() !== undefined) await manager.closeView();
  });

  test('a lead that somebody accepted meanwhile is assigned by a second save, of the form drawn anew', async () => {
    const manager = await opened('manager');
    await manager.clickButton({ ...at(manager), actionId: 'team_assign' });
    await eventually(() => expect(onTop(manager)).toContain('lead_assign'));
    const [lead] = LEADS;
    if (lead === undefined) throw new Error('no lead');
    const list = { viewId: manager.topView()?.id ?? '' };
    await manager.clickButton({ ...list, actionId: 'lead_assign', value: `${lead.leadId}.0` });
    await eventually(() => expect(onTop(manager)).toContain('Who has it next?'));
    const assign = vi.spyOn(slack.fake.ledger, 'assign');
    const { leadId, shortId, effectiveTier, crmUrl } = lead;
    assign.mockResolvedValueOnce({
      ...{ kind: 'stale', because: 'accepted', by: 'U0FAST', at: NOW },
      lead: { leadId, shortId, name: shortId, effectiveTier, phone: null, email: null, crmUrl },
    });
    await manager.submitView(manager.topView()?.id ?? '', { assignee: 'U0OTHER' });
    await eventually(() => expect(onTop(manager)).toContain('<@U0FAST> accepted this'));
    expect(slack.fake.ledger.rows).toEqual([]);

    await manager.submitView(manager.topView()?.id ?? '');

    await eventually(() => expect(onTop(manager)).toContain('is assigned to'));
    const shown = { rep: lead.rep, accepted: false };
    expect(assign.mock.calls.map((call) => call.slice(1))).toEqual([
      ...[
        ['U0OTHER', shown],
        ['U0OTHER', shown],
      ],
    ]);
    while (manager.topView() !== undefined) await manager.closeView();
  });

  test('nobody is assigned whom the form does not offer', async () => {
    const manager = await opened('manager');
    await manager.clickButton({ ...at(manager), actionId: 'team_assign' });
    await eventually(() => expect(onTop(manager)).toContain('lead_assign'));
    const value = `${LEADS[0]?.leadId}.0`;
    const list = { viewId: manager.topView()?.id ?? '' };
    await manager.clickButton({ ...list, actionId: 'lead_assign', value });
    await eventually(() => expect(onTop(manager)).toContain('Who has it next?'));
    const [lead] = LEADS;
    if (lead === undefined) throw new Error('no lead');
    const now = { teamId: 'growth', team: 'Growth', lead, reps: [] };
    vi.spyOn(slack.fake.deps.home, 'assignable').mockResolvedValue(now);
    await manager.submitView(manager.topView()?.id ?? '', { assignee: 'U0OTHER' });
    await eventually(() => expect(onTop(manager)).toContain('not there to take it'));
    expect(slack.fake.ledger.rows).toEqual([]);
    while (manager.topView() !== undefined) await manager.closeView();
  });

  test('gives all of somebody’s leads back: one decision each, one answer', async () => {
    const manager = await opened('manager');
    const giveBack = { actionId: 'member_give_back', value: 'U0GONE' };
    await manager.clickButton({ ...at(manager), ...giveBack });
    await shows(manager, /Recorded\. 2 leads of <@U0GONE> are back with the team\./);
    const { rows } = slack.fake.ledger;
    expect(rows.map(({ context }) => context.leadId)).toEqual([
      ...[LEADS[0]?.leadId, LEADS[1]?.leadId],
    ]);
    expect(new Set(rows.map(({ context }) => context.idempotencyKey)).size).toBe(2);

    vi.spyOn(slack.fake.ledger, 'assign').mockResolvedValue({ kind: 'not_found' });
    await manager.clickButton({ ...at(manager), ...giveBack });
    await shows(manager, /0 leads of <@U0GONE> are back[^"]* 2 leads changed meanwhile/);
  });

  test('sees a team of many people who are away', async () => {
    const [away] = sampleTeamSection().away;
    const many = Array.from({ length: 30 }, (_, index) => ({ ...away, userId: `U0GONE${index}` }));
    const section = { ...sampleTeamSection(), away: many } as ReturnType<typeof sampleTeamSection>;
    vi.spyOn(slack.fake.deps.home, 'team').mockResolvedValue(section);
    expect(drawn(await opened('manager'))).toMatch(/and \d+ more people who are not there/);
  });
});

describe('an admin', () => {
  test('grants a role with the form, which is empty again afterwards', async () => {
    const admin = await opened('admin');
    await admin.clickButton({ ...at(admin), actionId: 'home_grant' });
    await shows(admin, /Pick a person and a role, then Grant role\. Nothing was changed\./);
    const { id } = slack.workspace.users.repTwo;
    admin.fill(at(admin).viewId, { home_grant_person: id, home_grant_role: 'manager' });
    await admin.clickButton({ ...at(admin), actionId: 'home_grant' });
    await shows(admin, new RegExp(`<@${id}> is a manager now`));
    await admin.clickButton({ ...at(admin), actionId: 'home_grant' });
    await shows(admin, /Pick a person and a role/);
  });
});

test('nothing that we sent broke a limit of Slack', () => {
  expect(slack.workspace.journal.violations).toEqual([]);
});
