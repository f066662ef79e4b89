import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../src/platform/errors.ts';
import { eventually } from '../../support/eventually.ts';
import { NOW, sampleLead, sampleWhy } from '../../support/fake-lead-views.ts';
import { uniqueLeads } from '../../support/hostile-views.ts';
import { type SlackHarness, startSlackHarness } from '../../support/slack-harness.ts';

const LEADS = uniqueLeads([
  sampleLead(),
  sampleLead({ shortId: 'L-9QX2', personName: 'Kofi Beispiel' }),
  sampleLead({ shortId: 'L-B3MN', personName: 'Mina Placeholder' }),
]);
const VALUES = LEADS.map(({ leadId }) => `${leadId}.7`);

let slack: SlackHarness;
let board: { channel: string; ts: string };

beforeAll(async () => {
  slack = await startSlackHarness(LEADS);
});
afterAll(() => slack.close());
beforeEach(async () => {
  slack.fake.ledger.before = async () => undefined;
  board = await slack.postBoard();
});

type Who = 'repOne' | 'repTwo' | 'manager' | 'admin';

function click(who: Who, actionId: string, lead: number) {
  const value = VALUES[lead] ?? '';
  return slack.person(who).clickButton({ ...board, actionId, value });
}

/** Picks in the menu of the second lead. */
function pick(value: string) {
  const where = { ...board, actionId: 'lead_more', blockId: `board.${VALUES[1]}` };
  return slack.person('repOne').selectOverflow({ ...where, value });
}

/** Texts of the private answers that a person sees. */
function seen(who: Who): string[] {
  return slack
    .person(who)
    .ephemerals()
    .map(({ text }) => text);
}

function modalText(who: Who): string {
  return JSON.stringify(slack.person(who).topView()?.blocks ?? null);
}

describe('accept', () => {
  test('acks at once, records, tells the winner phone and mail, and tells the second who has it', async () => {
    const answer = await click('repOne', 'lead_accept', 0);
    expect(answer.status).toBe(200);
    expect(answer.elapsedMs).toBeLessThan(1_000);
    await eventually(() =>
      expect(seen('repOne').at(-1)).toMatch(/^Recorded. Yours to call: A, L-4F7K/),
    );
    expect(seen('repOne').at(-1)).toContain('+4930123456');
    await click('repTwo', 'lead_accept', 0);
    const winner = slack.workspace.users.repOne.id;
    await eventually(() =>
      expect(seen('repTwo').at(-1)).toContain(`L-4F7K is taken. <@${winner}>`),
    );
    expect(JSON.stringify(slack.person('repTwo').ephemerals())).not.toContain('+4930123456');
    expect(slack.fake.ledger.rows.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
    expect(slack.fake.ledger.rows[0]?.context).toMatchObject({ actor: winner, surface: 'board' });
  });

  test('undo takes the place of the answer that offered it', async () => {
    const [offer] = slack.person('repOne').ephemerals().slice(-1);
    if (offer === undefined) throw new Error('nothing to undo');
    const place = { channel: offer.channel, ts: offer.ts };
    await slack.person('repOne').clickButton({ ...place, actionId: 'decision_undo' });
    await eventually(() => expect(seen('repOne').at(-1)).toMatch(/^Undone. L-4F7K/));
    expect(JSON.stringify(slack.person('repOne').ephemerals())).not.toContain('decision_undo');
    expect(slack.fake.ledger.rows.at(-1)?.kind).toBe('undone');
  });

  test('a redelivered click has one effect', async () => {
    const first = await click('repOne', 'lead_accept', 1);
    const rows = () => slack.fake.ledger.rows.filter((row) => row.kind === 'accepted').length;
    await eventually(() => expect(seen('repOne').at(-1)).toContain('Yours to call'));
    const before = rows();
    await resend(first.payload);
    await eventually(() => expect(seen('repOne').at(-1)).toMatch(/^Recorded before/));
    expect(rows()).toBe(before);
  });
});

async function resend(payload: unknown): Promise<void> {
  const { createAppSender } = await import('../../../demo/slack/app-request.ts');
  const { SIGNING_SECRET } = await import('../../support/slack-harness.ts');
  const sender = createAppSender(slack.url, SIGNING_SECRET, slack.workspace.clock);
  await sender.sendPayload(payload as never);
}

describe('when the ledger does not answer in time', () => {
  test('the person is told that it is not recorded yet, then that it is', async () => {
    const gate = Promise.withResolvers<void>();
    slack.fake.ledger.before = () => gate.promise;
    const answer = await click('repTwo', 'lead_accept', 2);
    expect(answer.elapsedMs).toBeLessThan(1_000);
    await eventually(() =>
      expect(seen('repTwo').at(-1)).toMatch(/^Not recorded yet \(ref \d{8}\)/),
    );
    expect(slack.fake.ledger.rows.some((row) => row.context.leadId === LEADS[2]?.leadId)).toBe(
      false,
    );
    gate.resolve();
    await eventually(() =>
      expect(seen('repTwo').at(-1)).toMatch(
        /longer than usual.*Recorded. Yours to call: A, L-B3MN/,
      ),
    );
  });

  test('a failure is told with a reference, and nothing is called recorded', async () => {
    slack.fake.ledger.before = () => Promise.reject(new Error('connection refused'));
    await click('repTwo', 'lead_accept', 1);
    await eventually(() =>
      expect(seen('repTwo').at(-1)).toMatch(/^Not recorded, please click again \(ref \d{8}\)/),
    );
  });

  test('a lost answer to the commit is looked up by the key of the click, and then told', async () => {
    const lost = new AppError('database_unsure', 'no answer', { retryable: true });
    let asked = 0;
    slack.fake.ledger.before = async () => {
      asked += 1;
      if (asked < 3) throw lost;
    };
    const told = seen('repTwo').length;
    await click('repTwo', 'lead_accept', 1);
    await vi.waitFor(() => expect(seen('repTwo').at(-1)).toMatch(/L-9QX2/), 5_000);
    expect(asked).toBe(3);
    expect(seen('repTwo').slice(told).join()).not.toMatch(/Not recorded, please/);
  });

  test('late and then failed: both are told', async () => {
    const gate = Promise.withResolvers<void>();
    slack.fake.ledger.before = () => gate.promise;
    const told = seen('repTwo').length;
    await click('repTwo', 'lead_accept', 1);
    await eventually(() => expect(seen('repTwo')).toHaveLength(told + 1));
    gate.reject(new Error('gone'));
    await eventually(() => expect(seen('repTwo').slice(told)).toHaveLength(2));
    expect(
      seen('repTwo')
        .slice(told)
        .map((text) => text.slice(0, 22)),
    ).toEqual(['Not recorded yet (ref ', 'Not recorded, please c']);
  });
});

describe('release', () => {
  test('of somebody who asked not to be contacted asks first, by button and by command', async () => {
    const leadId = LEADS[0]?.leadId ?? '';
    slack.fake.ledger.optedOut.add(leadId);
    const rows = slack.fake.ledger.rows.length;
    const manager = slack.person('manager');
    await manager.runCommand('/firstcall', 'release L-4F7K');
    await eventually(() => expect(seen('manager').at(-1)).toMatch(/opted out of contact/));
    expect(slack.fake.ledger.rows).toHaveLength(rows);
    const [asked] = manager.ephemerals().slice(-1);
    if (asked === undefined) throw new Error('nothing was asked');
    const shown = JSON.stringify(asked.blocks);
    expect(shown).toContain('"title":{"type":"plain_text","text":"They asked not to be contacted"');
    const place = { channel: asked.channel, ts: asked.ts };
    await manager.clickButton({ ...place, actionId: 'lead_release_confirmed' });
    await eventually(() => expect(seen('manager').at(-1)).toContain('L-4F7K goes on'));
    expect(slack.fake.ledger.rows.at(-1)?.kind).toBe('released');
    slack.fake.ledger.optedOut.clear();
  });

  test('of another lead needs one tap', async () => {
    const manager = slack.person('manager');
    await manager.runCommand('/firstcall', 'held');
    await eventually(() => expect(seen('manager').at(-1)).toMatch(/held|stopped/));
    const [list] = manager.ephemerals().slice(-1);
    expect(JSON.stringify(list?.blocks)).not.toContain('"confirm"');
    await manager.runCommand('/firstcall', 'release L-9QX2');
    await eventually(() => expect(seen('manager').at(-1)).toContain('L-9QX2 goes on'));
  });
});

describe('the menu', () => {
  test('not mine is a decision of its own', async () => {
    await pick(`not_mine.${VALUES[1]}`);
    await eventually(() => expect(slack.fake.ledger.rows.at(-1)?.kind).toBe('reassigned'));
    await eventually(() => expect(seen('repOne').at(-1)).toContain('L-9QX2 is back with the team'));
  });

  test('why opens at once and fills', async () => {
    const value = `why.${VALUES[1]}`;
    await pick(value);
    await eventually(() => expect(modalText('repOne')).toContain('87 points = fit 52 + intent 35'));
  });

  test('why shows the note of an override to managers alone', async () => {
    for (const [who, role] of [
      ['repOne', 'rep'],
      ['repTwo', 'manager'],
    ] as const) {
      slack.fake.roles.set(slack.workspace.users[who].id, role);
      await slack.person(who).runCommand('/firstcall', 'why L-4F7K');
      await eventually(() => expect(modalText(who)).toContain('Worked: Tried, not reached'));
      expect(modalText(who).includes('Note: Met them at the fair.')).toBe(role === 'manager');
      await slack.person(who).closeView();
    }
    slack.fake.roles.delete(slack.workspace.users.repTwo.id);
  });

  test('why says so when it cannot be read', async () => {
    const why = vi.spyOn(slack.fake.deps.queries, 'why').mockRejectedValueOnce(new Error('gone'));
    const value = `why.${VALUES[1]}`;
    await pick(value);
    await eventually(() => expect(modalText('repOne')).toMatch(/cannot be read now.*ref \d{8}/));
    why.mockRestore();
  });
});

const TAKEN = { rep: 'U0OTHER', accepted: { at: NOW, afterMs: null } };

describe('override', () => {
  async function open(): Promise<string> {
    await click('repOne', 'lead_override', 0);
    await eventually(() => expect(modalText('repOne')).toContain('What should it be?'));
    return slack.person('repOne').topView()?.id ?? '';
  }

  test.each([
    ['lead_override', { state: 'held' }, /is held until a manager releases it/],
    ['lead_override', { state: 'closed' }, /is closed/],
    ['lead_disqualify', { ...TAKEN, state: 'accepted' }, /is taken\. <@U0OTHER> has it, since/],
  ] as const)(
    '%s of a lead that is %o by now is refused before anything is entered',
    async (actionId, over, said) => {
      const rep = slack.person('repOne');
      await pick(`why.${VALUES[1]}`);
      await eventually(() => expect(modalText('repOne')).toContain('lead_disqualify'));
      const lead = sampleLead({ ...LEADS[1], ...over });
      vi.spyOn(slack.fake.deps.queries, 'why').mockResolvedValueOnce(sampleWhy({ lead }));
      await rep.clickButton({ viewId: rep.topView()?.id ?? '', actionId });
      await eventually(() => expect(modalText('repOne')).toMatch(said));
      while (rep.topView() !== undefined) await rep.closeView();
    },
  );

  test('three taps: recorded with tier, reason, wrong lines, worked and note', async () => {
    const viewId = await open();
    await slack.person('repOne').submitView(viewId, {
      target: 'C',
      reason: 'tier:more_urgent',
      wrong_lines: ['intent.pricing-page'],
      worked: 'tried',
      note: 'They called us.',
    });
    await eventually(() =>
      expect(modalText('repOne')).toContain('Recorded. L-4F7K is C now, 1st of 3 on the board.'),
    );
    expect(slack.fake.ledger.rows.at(-1)).toMatchObject({
      kind: 'overridden',
      input: {
        toTier: 'C',
        reasonCode: 'more_urgent',
        blamedRules: ['intent.pricing-page'],
        worked: 'tried',
        note: 'They called us.',
      },
    });
  });

  test('a reason of the other kind is refused beside its field', async () => {
    const viewId = await open();
    const before = slack.fake.ledger.rows.length;
    await slack.person('repOne').submitView(viewId, { target: 'out', reason: 'tier:more_urgent' });
    const [modal] = slack.person('repOne').modals().slice(-1);
    expect(modal?.errors.reason).toContain('Should not be called');
    expect(slack.fake.ledger.rows).toHaveLength(before);
    await slack.person('repOne').submitView(viewId, { target: 'out', reason: 'out:competitor' });
    await eventually(() => expect(modalText('repOne')).toContain('L-4F7K is off the board'));
    expect(slack.fake.ledger.rows.at(-1)?.kind).toBe('disqualified');
  });

  test('a form that is sent twice, at once and again, is one decision', async () => {
    const viewId = await open();
    const rows = slack.fake.ledger.rows.length;
    const entered = { target: 'D', reason: 'tier:more_urgent', note: 'Twice.' };
    const { payload } = await slack.person('repOne').submitView(viewId, entered);
    await Promise.all([resend(payload), resend(payload)]);
    await eventually(() => expect(modalText('repOne')).toContain('L-4F7K is D now'));
    expect(slack.fake.ledger.rows).toHaveLength(rows + 1);
  });

  test('when it fails, what was entered is kept, and the same form goes through later', async () => {
    const viewId = await open();
    slack.fake.ledger.before = () => Promise.reject(new Error('gone'));
    const rep = slack.person('repOne');
    const entered = { target: 'D', reason: 'tier:more_urgent', note: 'Keep this.' };
    const answer = await rep.submitView(viewId, entered);
    expect(answer.elapsedMs).toBeLessThan(1_000);
    await eventually(() => expect(modalText('repOne')).toMatch(/Not recorded, please save again/));
    expect(modalText('repOne')).toContain('"initial_value":"Keep this."');
    slack.fake.ledger.before = async () => undefined;
    await rep.submitView(viewId, entered);
    await eventually(() => expect(modalText('repOne')).toContain('L-4F7K is D now'));
    expect(slack.fake.ledger.rows.at(-1)?.input).toMatchObject({ toTier: 'D', note: 'Keep this.' });
  });

  test.each([
    ['rules_changed', /the rules changed since you opened this/],
    ['not_offered', /is not offered for this lead/],
  ] as const)(
    'a form that is stale (%s) comes back anew with what was entered',
    async (stale, said) => {
      const viewId = await open();
      const rows = slack.fake.ledger.rows.length;
      slack.fake.ledger.stale = stale;
      const rep = slack.person('repOne');
      await rep.submitView(viewId, {
        target: 'D',
        reason: 'tier:more_urgent',
        wrong_lines: ['fit.seniority', 'intent.pricing-page'],
        worked: 'reached',
        note: 'Keep this too.',
      });
      await eventually(() => expect(modalText('repOne')).toMatch(said));
      expect(slack.fake.ledger.rows).toHaveLength(rows);
      slack.fake.ledger.stale = null;
      await rep.submitView(viewId);
      await eventually(() => expect(modalText('repOne')).toContain('L-4F7K is D now'));
      expect(slack.fake.ledger.rows.at(-1)?.input).toMatchObject({
        toTier: 'D',
        reasonCode: 'more_urgent',
        blamedRules: ['fit.seniority', 'intent.pricing-page'],
        worked: 'reached',
        note: 'Keep this too.',
        shown: { rulesetVersion: 12, scoredAt: '2026-03-10T14:20:00.000Z' },
      });
    },
  );

  test('while it takes long it says Saving, then not yet, then what came of it', async () => {
    const viewId = await open();
    const gate = Promise.withResolvers<void>();
    slack.fake.ledger.before = () => gate.promise;
    const answers = { target: 'B', reason: 'tier:more_urgent' };
    const answer = await slack.person('repOne').submitView(viewId, answers);
    expect(answer.elapsedMs).toBeLessThan(1_000);
    expect(modalText('repOne')).toContain('Saving');
    await eventually(() => expect(modalText('repOne')).toContain('Not recorded yet'));
    gate.resolve();
    await eventually(() => expect(modalText('repOne')).toContain('L-4F7K is B now'));
  });

  test('closed before the answer: told privately instead', async () => {
    const viewId = await open();
    const gate = Promise.withResolvers<void>();
    slack.fake.ledger.before = () => gate.promise;
    const rep = slack.person('repOne');
    await rep.submitView(viewId, { target: 'C', reason: 'tier:more_urgent', note: 'closing' });
    await rep.closeView();
    gate.resolve();
    await eventually(() => expect(seen('repOne').at(-1)).toContain('L-4F7K is C now'));
  });
});

describe('snooze', () => {
  const HOUR_S = 3_600;
  const soon = (hours: number) => Math.floor(Date.now() / 1_000) + hours * HOUR_S;
  const rep = () => slack.person('repOne');

  async function open(): Promise<string> {
    while (rep().topView() !== undefined) await rep().closeView();
    await pick(`snooze.${VALUES[1]}`);
    await eventually(() => expect(modalText('repOne')).toContain('Back on the board'));
    return rep().topView()?.id ?? '';
  }
  const errors = () => rep().modals().at(-1)?.errors ?? {};
  const last = () => slack.fake.ledger.rows.at(-1);

  test('two taps: the next working day is picked; the answer says until when, and undoes', async () => {
    const viewId = await open();
    await rep().submitView(viewId);
    await eventually(() =>
      expect(modalText('repOne')).toContain('L-9QX2 is snoozed. Back on the board:'),
    );
    const hours = ((last()?.until?.getTime() ?? 0) - Date.now()) / (HOUR_S * 1_000);
    expect(last()?.kind).toBe('snoozed');
    expect(hours).toBeGreaterThan(8);
    expect(hours).toBeLessThan(82);
    await rep().clickButton({ viewId: rep().topView()?.id ?? '', actionId: 'decision_undo' });
    await eventually(() => expect(modalText('repOne')).toContain('Undone. L-9QX2'));
  });

  test('another time counts when it is picked, and is refused beside its field', async () => {
    const viewId = await open();
    const rows = slack.fake.ledger.rows.length;
    await rep().submitView(viewId, { when: 'other' });
    expect(errors().other_time).toContain('Pick the other time here');
    await rep().submitView(viewId, { when: 'other', other_time: String(soon(-1)) });
    expect(errors().other_time).toContain('has passed');
    await rep().submitView(viewId, { when: 'other', other_time: String(soon(31 * 24)) });
    expect(errors().other_time).toContain('more than 30 days away');
    expect(slack.fake.ledger.rows).toHaveLength(rows);
    const at = soon(5);
    await rep().submitView(viewId, { when: 'other', other_time: String(at) });
    await eventually(() => expect(last()?.until?.getTime()).toBe(at * 1_000));
  });
});

describe('hand over', () => {
  const rep = () => slack.person('repOne');

  async function open(): Promise<string> {
    while (rep().topView() !== undefined) await rep().closeView();
    await pick(`hand_over.${VALUES[1]}`);
    await eventually(() => expect(modalText('repOne')).toContain('To whom?'));
    return rep().topView()?.id ?? '';
  }

  test('to a colleague with a note: told in place whom it went to, once however often it is sent', async () => {
    const viewId = await open();
    const rows = slack.fake.ledger.rows.length;
    const repTwo = slack.workspace.users.repTwo.id;
    const entered = { to_member: repTwo, note: 'Speaks Dutch.' };
    const { payload } = await rep().submitView(viewId, entered);
    await Promise.all([resend(payload), resend(payload)]);
    await eventually(() => expect(modalText('repOne')).toContain('L-9QX2 is handed over to'));
    expect(modalText('repOne')).toContain(`"user_id":"${repTwo}"`);
    expect(slack.fake.ledger.rows).toHaveLength(rows + 1);
    expect(slack.fake.ledger.rows.at(-1)).toMatchObject({
      ...{ kind: 'handed_over', toMember: repTwo, note: 'Speaks Dutch.' },
    });
  });

  test('refused: the form stays with what was entered, and says why', async () => {
    const viewId = await open();
    const message = 'Nothing was done. Their account is switched off. Pick somebody else.';
    const refuse = vi
      .spyOn(slack.fake.deps.ledger, 'handOver')
      .mockResolvedValueOnce({ kind: 'refused', message });
    await rep().submitView(viewId, { to_member: slack.workspace.users.repTwo.id, note: 'Keep.' });
    await eventually(() => expect(modalText('repOne')).toContain(message));
    expect(modalText('repOne')).toContain('"initial_value":"Keep."');
    refuse.mockRestore();
    await rep().submitView(viewId);
    await eventually(() => expect(modalText('repOne')).toContain('is handed over to'));
  });
});

describe('disqualify', () => {
  test('is a button of the answer to Accept, and asks only why', async () => {
    slack.fake.ledger.rows.length = 0;
    await click('repTwo', 'lead_accept', 1);
    await eventually(() => expect(seen('repTwo').at(-1)).toContain('Yours to call'));
    const [answer] = slack.person('repTwo').ephemerals().slice(-1);
    if (answer === undefined) throw new Error('no answer');
    const place = { channel: answer.channel, ts: answer.ts };
    await slack.person('repTwo').clickButton({ ...place, actionId: 'lead_disqualify' });
    await eventually(() => expect(modalText('repTwo')).toContain('Leaves the board'));
    const viewId = slack.person('repTwo').topView()?.id ?? '';
    await slack.person('repTwo').submitView(viewId, { reason: 'out:competitor' });
    await eventually(() => expect(modalText('repTwo')).toContain('L-9QX2 is off the board'));
    expect(slack.fake.ledger.rows.at(-1)).toMatchObject({
      ...{ kind: 'disqualified', input: { toTier: null, reasonCode: 'competitor' } },
    });
  });
});

test('nothing that we sent broke a limit of Slack, and no scope was missing', () => {
  expect(slack.workspace.journal.violations).toEqual([]);
});
