import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Person } from '../../demo/slack/person.ts';
import { erasePerson } from '../../src/records/erase-person.ts';
import { OVERRIDE_OUTCOME } from '../../src/records/outcomes.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';

const WAIT = { timeout: 15_000, interval: 50 };
const HOUR_MS = 3_600_000;

interface Sent {
  sample: Record<string, unknown>;
  leadId: string;
  shortId: string;
}

describe('what people do with a lead', () => {
  let world: World;
  let rae: Person;
  let kim: Person;
  const clock = createMovableClock();

  beforeAll(async () => {
    world = await createWorld({ clock });
    rae = world.person('repOne');
    kim = world.person('repTwo');
    for (const person of [rae, kim]) await person.openHome();
  });
  afterAll(() => world.close());

  async function send(): Promise<Sent> {
    const sample = sampleLead();
    await world.sendLead(sample);
    await world.scored();
    const lead = await world.database.db
      .selectFrom('leads')
      .select(['id', 'short_id'])
      .where('external_id', '=', String(sample.id))
      .executeTakeFirstOrThrow();
    return { sample, leadId: lead.id, shortId: lead.short_id };
  }

  const state = ({ leadId }: Sent) =>
    world.database.db
      .selectFrom('leads')
      .leftJoin('assignments', 'assignments.id', 'leads.assignment_id')
      .select(['state', 'accepted_by', 'rep_user_id'])
      .where('leads.id', '=', leadId)
      .executeTakeFirstOrThrow();

  async function setState({ leadId }: Sent, to: object): Promise<void> {
    await world.database.db.updateTable('leads').set(to).where('id', '=', leadId).execute();
  }

  async function outcomeNoticesOf({ leadId }: Sent): Promise<string[]> {
    const rows = await world.database.db
      .selectFrom('outbox')
      .select(['key', 'payload'])
      .where('kind', '=', 'slack.notice')
      .execute();
    return rows
      .filter(({ payload }) => payload.leadId === leadId && payload.noticeKind === OVERRIDE_OUTCOME)
      .map(({ key }) => key);
  }

  /** What is said in the answer to `/firstcall why`: the way to a lead from anywhere. */
  async function openWhy(person: Person, { shortId }: Sent): Promise<void> {
    while (person.topView() !== undefined) await person.closeView();
    await person.runCommand('/firstcall', `why ${shortId}`);
    await vi.waitFor(() => expect(shown(person)).toContain('lead_override'), WAIT);
  }
  const shown = (person: Person) => JSON.stringify(person.topView()?.blocks ?? null);
  const top = (person: Person) => ({ viewId: person.topView()?.id ?? '' });

  async function told(person: Person, { shortId }: Sent): Promise<string[]> {
    const messages = await person.directMessages();
    return messages.map(({ text }) => String(text)).filter((text) => text.includes(shortId));
  }
  async function messageOf(person: Person, { shortId }: Sent) {
    const messages = await person.directMessages();
    const message = messages.findLast(({ text }) => String(text).includes(shortId));
    const channel = await world.slack.interactions.directMessage(person.user.id);
    return { channel, ts: String(message?.ts), blocks: JSON.stringify(message?.blocks) };
  }

  /** Picks in the menu of the lead in one's own queue. */
  async function pick(person: Person, lead: Sent, choice: string): Promise<void> {
    while (person.topView() !== undefined) await person.closeView();
    const before = person.ephemerals().length;
    await person.runCommand('/firstcall', 'queue');
    await vi.waitFor(() => expect(person.ephemerals().length).toBeGreaterThan(before), WAIT);
    const queue = person.ephemerals().at(-1);
    await person.selectOverflow({
      ...{ channel: queue?.channel ?? '', ts: queue?.ts ?? '', actionId: 'lead_more' },
      blockId: `queue.${lead.leadId}.0`,
      value: `${choice}.${lead.leadId}.0`,
    });
  }

  async function routeTo(person: Person, { leadId }: Sent): Promise<void> {
    await world.app.parts.db
      .updateTable('leads')
      .set({ assignment_id: await assignmentTo(person, leadId) })
      .where('id', '=', leadId)
      .execute();
  }
  async function assignmentTo({ user }: Person, leadId: string): Promise<string> {
    const { db } = world.database;
    const before = await db
      .selectFrom('assignments')
      .selectAll()
      .where('lead_id', '=', leadId)
      .executeTakeFirstOrThrow();
    const { id: _id, ...columns } = before;
    const row = await db
      .insertInto('assignments')
      .values({ ...columns, rep_user_id: user.id, assigned_by: user.id, assigned_at: new Date() })
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  }

  it('hands it over: the receiver gets it with the note and accepts it there; erased, it is gone', async () => {
    const lead = await send();
    await routeTo(rae, lead);
    await pick(rae, lead, 'hand_over');
    await vi.waitFor(() => expect(shown(rae)).toContain('To whom?'), WAIT);
    const { viewId } = top(rae);
    await rae.submitView(viewId, { to_member: kim.user.id, note: 'Speaks Dutch.' });
    await vi.waitFor(() => expect(shown(rae)).toContain(`${lead.shortId} is handed over`), WAIT);
    await vi.waitFor(async () => expect(await told(kim, lead)).toHaveLength(1), WAIT);
    const [text] = await told(kim, lead);
    expect(text).toMatch(new RegExp(`handed ${lead.shortId} to you\\. A .*Note: Speaks Dutch`));

    const message = await messageOf(kim, lead);
    await kim.clickButton({ ...message, actionId: 'lead_accept' });
    await vi.waitFor(
      async () =>
        expect(await state(lead)).toMatchObject({ state: 'accepted', accepted_by: kim.user.id }),
      WAIT,
    );
    expect(await told(rae, lead)).toEqual([]);
    await vi.waitFor(
      async () => expect(await told(kim, lead)).toEqual([expect.stringMatching(/accepted by you/)]),
      WAIT,
    );

    expect(message.blocks).toContain(String(lead.sample.last_name));
    await erasePerson(world.database.db, { shortId: lead.shortId }, clock.now());
    await vi.waitFor(async () => {
      const { blocks } = await messageOf(kim, lead);
      expect(blocks).not.toContain(String(lead.sample.last_name));
      expect(blocks).not.toContain('Dutch');
    }, WAIT);
  });

  it('undone at once, it is as before, and the receiver is told in the same message', async () => {
    const lead = await send();
    await routeTo(rae, lead);
    await pick(rae, lead, 'hand_over');
    await vi.waitFor(() => expect(shown(rae)).toContain('To whom?'), WAIT);
    await rae.submitView(top(rae).viewId, { to_member: kim.user.id });
    await vi.waitFor(async () => expect(await told(kim, lead)).toHaveLength(1), WAIT);
    await rae.clickButton({ ...top(rae), actionId: 'decision_undo' });
    await vi.waitFor(
      async () =>
        expect(await told(kim, lead)).toEqual([expect.stringMatching(/took L-\w+ back again/)]),
      WAIT,
    );
    expect(await state(lead)).toMatchObject({ state: 'open', rep_user_id: rae.user.id });
    expect((await messageOf(kim, lead)).blocks).not.toContain('lead_accept');
  });

  it('snoozed, it wakes at its time and tells whose it is to call by then, once; nobody else', async () => {
    const mine = await send();
    const theirs = await send();
    await routeTo(rae, mine);
    await routeTo(rae, theirs);
    for (const lead of [mine, theirs]) {
      await pick(rae, lead, 'snooze');
      await vi.waitFor(() => expect(shown(rae)).toContain('Back on the board'), WAIT);
      const at = Math.floor((clock.now().getTime() + HOUR_MS) / 1_000);
      await rae.submitView(top(rae).viewId, { when: 'other', other_time: String(at) });
      await vi.waitFor(
        () => expect(shown(rae)).toContain(`${lead.shortId} is snoozed. Back on`),
        WAIT,
      );
    }
    await routeTo(kim, theirs);
    expect((await state(mine)).state).toBe('snoozed');
    clock.advance(HOUR_MS + 1_000);
    await vi.waitFor(async () => expect((await state(theirs)).state).toBe('open'), WAIT);
    await vi.waitFor(
      async () =>
        expect(await told(rae, mine)).toEqual([
          expect.stringMatching(/is back on the board: you snoozed it until now/),
        ]),
      WAIT,
    );
    const toKim = expect.stringMatching(/is back on the board, yours to call\. .* snoozed it/);
    await vi.waitFor(async () => expect(await told(kim, theirs)).toEqual([toKim]), WAIT);
    expect(await told(rae, theirs)).toEqual([]);
    expect((await messageOf(rae, mine)).blocks).toContain('lead_accept');
  });

  it('in time or not at all: undo, and forms of a lead that went on meanwhile, get a sentence each', async () => {
    const lead = await send();
    await routeTo(rae, lead);
    await openWhy(rae, lead);
    await rae.clickButton({ ...top(rae), actionId: 'lead_accept' });
    await vi.waitFor(() => expect(shown(rae)).toContain('decision_undo'), WAIT);
    clock.advance(5 * 60_000 + 1_000);
    await rae.clickButton({ ...top(rae), actionId: 'decision_undo' });
    await vi.waitFor(() => expect(shown(rae)).toContain('Undo is possible for five minutes'), WAIT);
    expect(await state(lead)).toMatchObject({ state: 'accepted', accepted_by: rae.user.id });

    const open = await send();
    const forms = ['snooze', 'hand_over'] as const;
    const fill = { snooze: {}, hand_over: { to_member: kim.user.id } };
    for (const [meanwhile, said] of [
      [{ state: 'accepted', accepted_by: kim.user.id, accepted_at: clock.now() }, /is taken/],
      [{ state: 'closed', closed_reason: 'closed_in_crm' }, /is closed, so this is not possible/],
    ] as const) {
      for (const form of forms) {
        await setState(open, { state: 'open', accepted_by: null, closed_reason: null });
        await routeTo(rae, open);
        await pick(rae, open, form);
        await vi.waitFor(() => expect(shown(rae)).toMatch(/Back on the board|To whom/), WAIT);
        await setState(open, meanwhile);
        await rae.submitView(top(rae).viewId, fill[form]);
        await vi.waitFor(() => expect(shown(rae)).toMatch(said), WAIT);
        expect((await state(open)).state).toBe(meanwhile.state);
      }
    }
    expect(await told(kim, open)).toEqual([]);
  });

  it('overridden, its new place is told at once, and what came of it when the CRM knows, once', async () => {
    const lead = await send();
    await openWhy(rae, lead);
    await rae.clickButton({ ...top(rae), actionId: 'lead_override' });
    await vi.waitFor(() => expect(shown(rae)).toContain('What should it be?'), WAIT);
    await rae.submitView(top(rae).viewId, { target: 'D', reason: 'tier:known_account' });
    await vi.waitFor(
      () => expect(shown(rae)).toMatch(/ is D now, \d+(st|nd|rd|th) of \d+ on/),
      WAIT,
    );

    const tell = (status: string) =>
      world.sendLead({ ...lead.sample, crm_id: '00Q000000000001AAA', status });
    await tell('Working - Contacted');
    await tell('Closed - Converted');
    await world.scored();
    await tell('Closed - Converted');
    await tell('Open - Not Contacted');
    await world.scored();
    const said = `You overrode ${lead.shortId} to D; it converted. The rules said A.`;
    await vi.waitFor(async () => expect(await told(rae, lead)).toEqual([said]), WAIT);
    expect(await told(kim, lead)).toEqual([]);
    const outcomes = await world.database.db
      .selectFrom('outcomes')
      .select(['kind', 'source'])
      .where('lead_id', '=', lead.leadId)
      .orderBy('kind')
      .execute();
    expect(outcomes).toEqual([
      { kind: 'contacted', source: 'website' },
      { kind: 'converted', source: 'website' },
    ]);
    await rae.clickButton({ ...(await messageOf(rae, lead)), actionId: 'lead_why' });
  });

  it('of two people with the override form open, the second is told of the first and saves again', async () => {
    const lead = await send();
    for (const person of [rae, kim]) {
      await openWhy(person, lead);
      await person.clickButton({ ...top(person), actionId: 'lead_override' });
      await vi.waitFor(() => expect(shown(person)).toContain('What should it be?'), WAIT);
    }
    await kim.submitView(top(kim).viewId, { target: 'D', reason: 'tier:more_urgent' });
    await vi.waitFor(() => expect(shown(kim)).toContain(`${lead.shortId} is D now`), WAIT);

    const entered = { target: 'C', reason: 'tier:more_urgent', note: 'Spoke to them' };
    await rae.submitView(top(rae).viewId, entered);
    const said = `Not saved: <@${kim.user.id}> overrode this to D at <!date`;
    await vi.waitFor(() => expect(shown(rae)).toContain(said), WAIT);
    expect(shown(rae)).toContain('Spoke to them');
    await rae.submitView(top(rae).viewId);
    await vi.waitFor(() => expect(shown(rae)).toContain(`${lead.shortId} is C now`), WAIT);
  });

  it('undone before the CRM knows, nobody is told; nor of what we wrote there ourselves', async () => {
    const lead = await send();
    await openWhy(rae, lead);
    await rae.clickButton({ ...top(rae), actionId: 'lead_disqualify' });
    await vi.waitFor(() => expect(shown(rae)).toContain('Leaves the board'), WAIT);
    await rae.submitView(top(rae).viewId, { reason: 'out:competitor' });
    await vi.waitFor(() => expect(shown(rae)).toContain('is off the board'), WAIT);
    await world.database.db
      .insertInto('crm_writes')
      .values({
        ...{ lead_id: lead.leadId, crm_id: null, content_hash: null, written_at: null },
        ...{ owner_before: null, owner_written: null, status_before: null },
        status_written: 'Closed - Not Converted',
      })
      .execute();
    const record = { ...lead.sample, crm_id: '00Q000000000002AAA' };
    await world.sendLead({ ...record, status: 'Closed - Not Converted' });
    await world.scored();
    await rae.clickButton({ ...top(rae), actionId: 'decision_undo' });
    await vi.waitFor(() => expect(shown(rae)).toContain('Undone'), WAIT);
    await world.sendLead({ ...record, status: 'Closed - Converted' });
    await world.scored();
    const { rows } = await world.database.db
      .selectFrom('outcomes')
      .select('kind')
      .where('lead_id', '=', lead.leadId)
      .execute()
      .then((all) => ({ rows: all.map(({ kind }) => kind) }));
    expect(rows).toEqual(['converted']);
    expect(await outcomeNoticesOf(lead)).toEqual([]);
    expect(world.slack.journal.violations).toEqual([]);
  });
});
