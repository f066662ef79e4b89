import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Person } from '../../demo/slack/person.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';

const WAIT = { timeout: 20_000, interval: 50 };
const MINUTE_MS = 60_000;
const ZONE = 'America/New_York';

interface Sent {
  id: string;
  shortId: string;
  name: string;
}

interface Shown {
  ts: string;
  text: string;
  subtype?: string;
  thread_ts?: string;
}

describe('what First Call says in a channel', () => {
  const clock = createMovableClock();
  let world: World;
  let rep: Person;
  let manager: Person;
  let admin: Person;

  beforeAll(async () => {
    moveTo(nextWorkday(), 10);
    world = await createWorld({ clock });
    rep = world.person('repOne');
    manager = world.person('manager');
    admin = world.person('admin');
    for (const person of [rep, world.person('repTwo'), manager, admin]) await person.openHome();
    await vi.waitFor(async () => {
      const members = await world.database.db.selectFrom('members').select('email').execute();
      expect(members.length).toBeGreaterThanOrEqual(4);
    }, WAIT);
  });
  afterAll(() => world.close());

  /** Not a Monday, so that yesterday is a working day too. */
  function nextWorkday(): DateTime {
    let day = DateTime.fromJSDate(clock.now(), { zone: ZONE }).plus({ days: 1 });
    const isFree = () =>
      day.weekday === 1 ||
      day.weekday > 4 ||
      ['11-25', '11-26', '12-24', '12-25', '12-31', '01-01'].includes(day.toFormat('MM-dd'));
    while (isFree()) day = day.plus({ days: 1 });
    return day;
  }

  /** A jump of the clock while a call is under way would look like one that hung. */
  async function later(ms: number): Promise<void> {
    await vi.waitFor(async () => {
      const underWay = await world.database.db
        .selectFrom('outbox')
        .select('key')
        .where((eb) =>
          eb.or([
            eb('state', '=', 'sending'),
            eb.and([eb('kind', '=', 'slack.thread'), eb('state', '<>', 'done')]),
          ]),
        )
        .execute();
      expect(underWay).toEqual([]);
    }, WAIT);
    clock.advance(ms);
  }

  function moveTo(day: DateTime, hour: number): void {
    const wanted = day.set({ hour, minute: 0, second: 0, millisecond: 0 });
    clock.advance(wanted.toMillis() - clock.now().getTime());
  }

  async function send(over: Record<string, unknown> = {}): Promise<Sent> {
    const sample = sampleLead(over);
    await world.sendLead(sample);
    await world.scored();
    const lead = await world.database.db
      .selectFrom('leads')
      .select(['id', 'short_id'])
      .where('external_id', '=', String(sample.id))
      .executeTakeFirstOrThrow();
    return { id: lead.id, shortId: lead.short_id, name: String(sample.last_name) };
  }

  async function hotMessage({ id }: Sent): Promise<{ channel: string; ts: string }> {
    return vi.waitFor(async () => {
      const row = await world.database.db
        .selectFrom('slack_messages')
        .select(['channel_id', 'ts'])
        .where('purpose', '=', 'hot')
        .where('subject', '=', id)
        .executeTakeFirstOrThrow();
      return { channel: row.channel_id, ts: row.ts };
    }, WAIT);
  }

  async function thread(where: { channel: string; ts: string }): Promise<string[]> {
    const { body } = await world.slack.callAsInstaller('conversations.replies', where);
    return (body.messages as Shown[])
      .filter(({ ts }) => ts !== where.ts)
      .map(({ text }) => text.replaceAll('\u200B', ''));
  }

  async function directTexts(person: Person, { shortId, name }: Sent): Promise<string[]> {
    const messages = await person.directMessages();
    return messages
      .map(({ text }) => text)
      .filter((text) => text.includes(shortId) || text.includes(name));
  }

  async function repOf({ id }: Sent): Promise<Person> {
    const { rep: userId } = await world.database.db
      .selectFrom('leads')
      .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
      .select('assignments.rep_user_id as rep')
      .where('leads.id', '=', id)
      .executeTakeFirstOrThrow();
    const key = (['repOne', 'repTwo'] as const).find(
      (each) => world.slack.users[each].id === userId,
    );
    if (key === undefined) throw new Error('nobody has it');
    return world.person(key);
  }

  it('the thread of a hot lead tells who took it, and what the signals changed', async () => {
    const email = 'dana.thread@freight-thread.example';
    const id = 'web-thread';
    const lead = await send({ id, email });
    const hot = await hotMessage(lead);
    await world.settled();
    expect(await thread(hot)).toEqual([]);

    await later(4 * MINUTE_MS);
    await rep.clickButton({ ...hot, actionId: 'lead_accept', blockId: `hot.${lead.id}.0` });
    await vi.waitFor(async () => expect(await thread(hot)).toHaveLength(1), WAIT);
    for (const index of [1, 2, 3, 4]) {
      await world.sendSignal({
        ...{ id: `thread-${index}`, kind: 'pricing_viewed', email },
        occurred_at: clock.now().toISOString(),
      });
    }
    await vi.waitFor(async () => expect(await thread(hot)).toHaveLength(2), WAIT);
    expect(await thread(hot)).toEqual([
      expect.stringMatching(/^Accepted by Sample Rep One, 4 min after it was shown\.$/),
      expect.stringMatching(/^Now A \d+\. Was A \d+: \+\d+ Viewed pricing/),
    ]);
    await send({ id, email, crm_id: '00Q000000000001AAA', status: 'Closed - Converted' });
    await vi.waitFor(async () => expect(await thread(hot)).toHaveLength(3), WAIT);
    expect((await thread(hot)).at(-1)).toBe('The CRM says: converted.');
    expect([...world.slack.journal.duplicatePosts().keys()]).toEqual([]);
  });

  it('an open lead that the CRM closes leaves the board', async () => {
    const id = 'web-closes';
    const lead = await send({ id, last_name: 'Sample Closes' });
    await hotMessage(lead);
    const board = () =>
      JSON.stringify(
        rep.messages('leads-enterprise').filter(({ text }) => /to call|Nothing waits/.test(text)),
      );
    // A board is redrawn every half minute.
    await later(MINUTE_MS);
    await vi.waitFor(() => expect(board()).toContain('Sample Closes'), WAIT);
    await later(MINUTE_MS);
    const closed = { crm_id: '00Q000000000002AAA', status: 'Closed - Not Converted' };
    await send({ id, last_name: 'Sample Closes', ...closed });
    await later(MINUTE_MS);
    await vi.waitFor(() => expect(board()).not.toContain('Sample Closes'), WAIT);
  });

  it('a lead that nobody takes is brought before rep, team and manager, each once', async () => {
    await later(20 * MINUTE_MS);
    const [waiting, taken] = [await send(), await send()];
    const own = await repOf(waiting);
    const hot = await hotMessage(taken);
    await rep.clickButton({ ...hot, actionId: 'lead_accept', blockId: `hot.${taken.id}.0` });
    await world.settled();
    const channel = () => rep.messages('leads-enterprise').map(({ text }) => text);

    await later(8 * MINUTE_MS);
    await vi.waitFor(async () => expect(await directTexts(own, waiting)).toHaveLength(1), WAIT);
    expect((await directTexts(own, waiting))[0]).toMatch(
      /^1 lead of yours waits for your call\n1\. A/,
    );
    await later(5 * MINUTE_MS);
    const inChannel = () =>
      channel().filter((text) => text.startsWith('Nobody has taken this yet'));
    await vi.waitFor(() => expect(inChannel()).toHaveLength(1), WAIT);
    expect(inChannel()[0]).toContain(`: ${waiting.shortId} A`);
    expect(inChannel()[0]).not.toMatch(/<!channel|<@/);
    await later(4 * MINUTE_MS);
    await vi.waitFor(async () => expect(await directTexts(manager, waiting)).toHaveLength(1), WAIT);
    expect((await directTexts(manager, waiting))[0]).toMatch(/overdue since/);

    await later(60 * MINUTE_MS);
    await send();
    await world.settled();
    expect(await directTexts(own, waiting)).toHaveLength(1);
    expect(await directTexts(manager, waiting)).toHaveLength(1);
    expect(inChannel()).toHaveLength(1);
    for (const person of [own, manager]) expect(await directTexts(person, taken)).toEqual([]);

    const direct = await world.slack.interactions.directMessage(own.user.id);
    const reminder = (await own.directMessages()).find(({ text }) => text.includes(waiting.name));
    await own.clickButton({
      ...{ channel: direct, ts: reminder?.ts ?? '', actionId: 'lead_accept' },
      blockId: `notice.${waiting.id}.0`,
    });
    await vi.waitFor(async () => {
      expect(await directTexts(own, waiting)).toEqual([]);
      expect(await directTexts(manager, waiting)).toEqual([]);
      expect(inChannel()).toEqual([]);
    }, WAIT);
    expect((await own.directMessages()).map(({ text }) => text).join()).toMatch(/Nothing is left/);
  });

  async function boards(): Promise<Shown[]> {
    const channel = world.slack.channelId('leads-enterprise');
    const { body } = await world.slack.callAsInstaller('conversations.history', { channel });
    return (body.messages as Shown[]).filter(({ text }) => /leads? to call, best first/.test(text));
  }

  it('the board comes to the end of its channel when asked, at most once a minute, and each morning', async () => {
    const ask = async () => {
      const before = rep.ephemerals().length;
      await rep.runCommand('/firstcall', 'board', 'leads-enterprise');
      await vi.waitFor(() => expect(rep.ephemerals().length).toBeGreaterThan(before), WAIT);
      return String(rep.ephemerals().at(-1)?.text);
    };
    const moved = async (before: Shown | undefined) => {
      await vi.waitFor(async () => {
        const [only, ...others] = await boards();
        expect(others).toEqual([]);
        expect(only?.ts).not.toBe(before?.ts);
        return only;
      }, WAIT);
      return (await boards())[0];
    };
    await later(2 * MINUTE_MS);
    const [first] = await boards();
    expect(await ask()).toBe('The board moves to the end of this channel.');
    const second = await moved(first);
    expect(await ask()).toMatch(/less than a minute ago/);
    await world.settled();
    expect((await boards()).map(({ ts }) => ts)).toEqual([second?.ts]);

    const tomorrow = DateTime.fromJSDate(clock.now(), { zone: ZONE }).plus({ days: 1 });
    await world.settled();
    moveTo(tomorrow, 8);
    await world.settled();
    expect((await boards()).map(({ ts }) => ts)).toEqual([second?.ts]);
    await world.settled();
    moveTo(tomorrow, 9);
    const third = await moved(second);
    await later(60 * MINUTE_MS);
    await send();
    await world.settled();
    expect((await boards()).map(({ ts }) => ts)).toEqual([third?.ts]);
    expect([...world.slack.journal.duplicatePosts().keys()]).toEqual([]);
  });

  it('broke no limit of Slack', () => {
    expect(world.slack.journal.violations).toEqual([]);
  });
});
