import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SlackMessage } from '../../demo/slack/client-state.ts';
import type { Person } from '../../demo/slack/person.ts';
import { erasePerson } from '../../src/records/erase-person.ts';
import { createPreferences } from '../../src/records/preferences.ts';
import {
  DEFAULT_PREFERENCES,
  localDay,
  nextAtClock,
  type Preferences,
} from '../../src/routing/availability.ts';
import { createMovableClock, type MovableClock } from '../support/movable-clock.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';

/** Of everybody in the sample workspace. */
const ZONE = 'America/New_York';

const WAIT = { timeout: 20_000, interval: 50 };
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe('what people ask for', () => {
  let clock: MovableClock;
  let world: World;
  let one: Person;
  let two: Person;

  beforeAll(async () => {
    clock = createMovableClock();
    // A Monday morning: nobody has a digest on a day off.
    const monday = (8 - clock.now().getUTCDay()) % 7;
    const ten = new Date(clock.now().getTime() + monday * DAY_MS).setUTCHours(10, 5);
    clock.advance(ten - clock.now().getTime());
    world = await createWorld({ clock });
    one = world.person('repOne');
    two = world.person('repTwo');
    for (const person of [one, two]) await person.openHome();
    await vi.waitFor(async () => {
      const members = await world.database.db.selectFrom('members').select('email').execute();
      expect(members.length).toBeGreaterThanOrEqual(2);
    }, WAIT);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    // More than five hot leads in ten minutes would share a message.
    await vi.waitFor(async () => expect(await hotOwed()).toEqual([]), WAIT);
    await ask(one, {});
    await ask(two, {});
    clock.advance(11 * MINUTE_MS);
  });

  function hotOwed(): Promise<object[]> {
    return world.database.db
      .selectFrom('outbox')
      .select(['key', 'state'])
      .where('kind', 'in', ['slack.hot', 'slack.hot_direct'])
      .where('state', '<>', 'done')
      .execute();
  }

  async function ask(person: Person, over: Partial<Preferences>): Promise<void> {
    const member = { slackUserId: person.user.id, timeZone: ZONE };
    const store = createPreferences(world.database.db, clock);
    await store.save(member, { ...DEFAULT_PREFERENCES, ...over });
    // Routing looks again after a second.
    clock.advance(1_100);
  }

  function away(): Pick<Preferences, 'away'> {
    const now = clock.now();
    return { away: { from: now, until: new Date(now.getTime() + DAY_MS) } };
  }

  async function receive(): Promise<{ id: string; name: string; rep: string | null }> {
    const lead = sampleLead();
    await world.sendLead(lead);
    await world.scored();
    const row = await world.database.db
      .selectFrom('leads')
      .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
      .select(['leads.id', 'assignments.rep_user_id as rep'])
      .where('external_id', '=', String(lead.id))
      .executeTakeFirstOrThrow();
    return { ...row, name: String(lead.last_name) };
  }

  async function erase(leadId: string): Promise<void> {
    const { db } = world.database;
    const lead = await db
      .selectFrom('leads')
      .select('short_id')
      .where('id', '=', leadId)
      .executeTakeFirstOrThrow();
    const result = await erasePerson(db, { shortId: lead.short_id }, clock.now());
    expect(result.kind).toBe('erased');
  }

  /** Messages of the channel, or to a person, that show the lead. */
  function showing(messages: readonly SlackMessage[], name: string, kind = 'header'): string[] {
    return messages
      .map((message) => JSON.stringify(message.blocks ?? []))
      .filter(
        (blocks) => blocks.includes(name) && blocks.includes(kind) && blocks.includes('Tier '),
      );
  }
  const inChannel = (name: string) => showing(one.messages('leads-enterprise'), name);
  const directly = async (person: Person, name: string) =>
    showing(await person.directMessages(), name);
  const seen = (found: () => string[] | Promise<string[]>, text: string | RegExp) =>
    vi.waitFor(async () => expect((await found()).join()).toMatch(text), WAIT);

  it('a lead goes past whoever is away, and to them again afterwards', async () => {
    await ask(one, away());
    for (let turn = 0; turn < 3; turn += 1) expect((await receive()).rep).toBe(two.user.id);
    await ask(one, {});
    await ask(two, away());
    expect((await receive()).rep).toBe(one.user.id);
  });

  it('who leaves today gives their leads back in the same form, each a decision', async () => {
    await ask(two, away());
    const lead = await receive();
    expect(lead.rep).toBe(one.user.id);
    // One that they have put off, and one that they have accepted, too.
    const asleep = await receive();
    const until = new Date(clock.now().getTime() + 2 * DAY_MS);
    await world.database.db
      .updateTable('leads')
      .set({ state: 'snoozed', snoozed_until: until })
      .where('id', '=', asleep.id)
      .execute();
    await one.runCommand('/firstcall', 'next');
    await vi.waitFor(() => expect(one.ephemerals().at(-1)?.text).toContain('next call'), WAIT);
    const next = one.ephemerals().at(-1);
    const where = { channel: next?.channel ?? '', ts: next?.ts ?? '' };
    await one.clickButton({ ...where, actionId: 'lead_accept' });
    await vi.waitFor(() => expect(one.ephemerals().at(-1)?.text).toContain('Recorded'), WAIT);
    await one.runCommand('/firstcall', 'prefs');
    await vi.waitFor(() => expect(JSON.stringify(one.topView())).toContain('not called yet'), WAIT);
    const mine = /Give my (\d+) leads? not called/.exec(JSON.stringify(one.topView()))?.[1];
    const today = localDay(clock.now(), ZONE).date;
    const back = localDay(new Date(clock.now().getTime() + 5 * DAY_MS), ZONE).date;
    await one.submitView(one.topView()?.id ?? '', {
      ...{ away_from: today, away_until: back, absence: ['give_back'] },
    });
    await vi.waitFor(
      () =>
        expect(JSON.stringify(one.topView())).toMatch(
          new RegExp(`Saved: .*away until .*, ${mine} leads? (is|are) back with the team`),
        ),
      WAIT,
    );
    const given = await world.database.db
      .selectFrom('leads')
      .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
      .select(['state', 'rep_user_id'])
      .where('leads.id', 'in', [lead.id, asleep.id])
      .execute();
    const backOnBoard = { state: 'open', rep_user_id: null };
    expect(given).toEqual([backOnBoard, backOnBoard]);
    const { accepted } = await world.database.db
      .selectFrom('leads')
      .select((eb) => eb.fn.countAll<number>().as('accepted'))
      .where('accepted_by', '=', one.user.id)
      .executeTakeFirstOrThrow();
    expect(accepted).toBe(0);
    await one.closeView();
    clock.advance(1_100);
    // Nobody is there: nobody has it, anybody may take it.
    expect((await receive()).rep).toBeNull();
  });

  it('a hot lead reaches its rep as they asked: mention, direct message, or name only', async () => {
    await ask(two, away());
    const mentioned = await receive();
    await seen(() => inChannel(mentioned.name), `"user_id":"${one.user.id}"`);
    expect(await directly(one, mentioned.name)).toEqual([]);

    await ask(one, { alerts: 'none' });
    const named = await receive();
    await seen(() => inChannel(named.name), /Routed to Sample Rep One/);
    expect(inChannel(named.name).join()).not.toContain('"user_id"');

    await ask(one, { alerts: 'direct' });
    const direct = await receive();
    await seen(() => directly(one, direct.name), /This one is routed to you/);
    expect(inChannel(direct.name).join()).not.toContain('"user_id"');
    const message = (await one.directMessages()).at(-1);
    const channel = await world.slack.interactions.directMessage(one.user.id);
    await one.clickButton({ channel, ts: String(message?.ts), actionId: 'lead_accept' });
    await seen(() => inChannel(direct.name), /accepted by Sample Rep One/);
    await seen(() => directly(one, direct.name), /accepted by you/);
    expect(await directly(one, direct.name)).toHaveLength(1);
    expect(await directly(one, named.name)).toEqual([]);

    // Erased: the copy loses the person as well.
    await erase(direct.id);
    await vi.waitFor(async () => {
      expect(JSON.stringify(await one.directMessages())).not.toContain(direct.name);
    }, WAIT);
  });

  it('in quiet hours nothing pings; a direct message waits, unless somebody takes the lead', async () => {
    await ask(two, away());
    const clockOf = (offset: number) =>
      localDay(new Date(clock.now().getTime() + offset), ZONE).clock;
    const quietHours = { from: clockOf(-MINUTE_MS), to: clockOf(60 * MINUTE_MS) };
    await ask(one, { alerts: 'direct', quietHours });
    const waits = await receive();
    const taken = await receive();
    await seen(() => inChannel(waits.name), /Routed to Sample Rep One/);
    await seen(() => inChannel(taken.name), /Routed to Sample Rep One/);
    const shown = one
      .messages('leads-enterprise')
      .find(
        (message) =>
          JSON.stringify(message.blocks).includes(taken.name) && message.text.startsWith('Tier'),
      );
    const channel = world.slack.channelId('leads-enterprise');
    await two.clickButton({ channel, ts: String(shown?.ts), actionId: 'lead_accept' });
    await seen(() => inChannel(taken.name), /accepted by Sample Rep Two/);
    expect(await directly(one, waits.name)).toEqual([]);

    clock.advance(61 * MINUTE_MS);
    await seen(() => directly(one, waits.name), /This one is routed to you/);
    await vi.waitFor(async () => expect(await hotOwed()).toEqual([]), WAIT);
    expect(await directly(one, taken.name)).toEqual([]);
    expect(inChannel(waits.name).join()).not.toContain('"user_id"');
  });

  it('a digest comes at the chosen time, once, and not while posting is paused', async () => {
    await ask(two, away());
    await receive();
    // Minutes pass at once below: a post under way would look like one that was lost.
    await vi.waitFor(async () => expect(await hotOwed()).toEqual([]), WAIT);
    const digests = async () =>
      (await one.directMessages()).filter(({ text }) => / waits? for you/.test(text));
    const digestAt = localDay(new Date(clock.now().getTime() + 5 * MINUTE_MS), ZONE).clock;
    await ask(one, { digestAt });
    expect(await digests()).toEqual([]);
    clock.advance(nextAtClock(digestAt, ZONE, clock.now()).getTime() - clock.now().getTime());
    await vi.waitFor(async () => expect(await digests()).toHaveLength(1), WAIT);
    expect(JSON.stringify(await digests())).toContain('lead_accept');
    const { payload } = await world.database.db
      .selectFrom('outbox')
      .select('payload')
      .where('kind', '=', 'slack.digest')
      .executeTakeFirstOrThrow();
    await erase(payload.leadIds?.split(' ')[0] ?? '');
    await vi.waitFor(async () => {
      const texts = (await one.directMessages()).map(({ text }) => text);
      expect(texts).toContain('This digest showed a lead that has been erased since.');
    }, WAIT);

    const admin = world.person('admin');
    await admin.runCommand('/firstcall', 'pause');
    await vi.waitFor(() => expect(admin.ephemerals().at(-1)?.text).toMatch(/^Paused/), WAIT);
    clock.advance(DAY_MS);
    await vi.waitFor(async () => {
      const rows = await world.database.db
        .selectFrom('outbox')
        .select('state')
        .where('kind', '=', 'slack.digest')
        .execute();
      expect(rows.map(({ state }) => state).sort()).toEqual(['done', 'due']);
    }, WAIT);
    expect(await digests()).toEqual([]);
    // What was of another day is not sent late.
    await ask(one, {});
    clock.advance(DAY_MS);
    await admin.runCommand('/firstcall', 'resume');
    await vi.waitFor(async () => {
      const { state } = await world.database.db
        .selectFrom('outbox')
        .select('state')
        .where('kind', '=', 'slack.digest')
        .orderBy('created_at', 'desc')
        .executeTakeFirstOrThrow();
      expect(state).toBe('done');
    }, WAIT);
    expect(await digests()).toEqual([]);
  });

  it('broke no limit of Slack, and posted nothing twice', () => {
    expect(world.slack.journal.violations).toEqual([]);
    expect(world.slack.journal.duplicatePosts()).toEqual(new Map());
  });
});
