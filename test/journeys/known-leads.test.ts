import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMovableClock } from '../support/movable-clock.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';

const WAIT = { timeout: 15_000, interval: 200 };
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe('a known lead that comes again with the same score', () => {
  const clock = createMovableClock();
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ clock });
  });
  afterAll(() => world.close());

  async function send(lead: object): Promise<void> {
    await world.sendLead(lead);
    await world.scored();
  }

  async function shownIn(purpose: 'board' | 'hot'): Promise<string> {
    const rows = await world.database.db
      .selectFrom('slack_messages')
      .select(['channel_id', 'ts'])
      .where('purpose', '=', purpose)
      .execute();
    const shown = rows.map(({ channel_id: channel, ts }) =>
      world
        .person('manager')
        .messages(channel)
        .find((message) => message.ts === ts),
    );
    return JSON.stringify(shown);
  }

  /** A board is drawn again at most every 30 seconds, and a jump of the clock during a call looks like one that hung. */
  async function shows(purpose: 'board' | 'hot', pattern: RegExp): Promise<void> {
    await vi.waitFor(async () => {
      const underWay = await world.database.db
        .selectFrom('outbox')
        .select('key')
        .where('state', '=', 'sending')
        .execute();
      expect(underWay).toEqual([]);
      clock.advance(MINUTE_MS);
      expect(await shownIn(purpose)).toMatch(pattern);
    }, WAIT);
  }

  async function assessmentsOf(lead: { id?: unknown }): Promise<number> {
    const rows = await world.database.db
      .selectFrom('assessments')
      .innerJoin('leads', 'leads.id', 'assessments.lead_id')
      .select('assessments.id')
      .where('leads.external_id', '=', String(lead.id))
      .execute();
    return rows.length;
  }

  it('is shown by its new name, on the board and in its own message', async () => {
    const lead = sampleLead({ last_name: 'Wrongname' });
    await send(lead);
    await shows('board', /Wrongname/);
    await shows('hot', /Wrongname/);

    await send({ ...lead, last_name: 'Rightname' });

    await shows('board', /^(?!.*Wrongname).*Rightname/);
    await shows('hot', /^(?!.*Wrongname).*Rightname/);
    expect(await assessmentsOf(lead)).toBe(1);
  });

  it('is on the board again when it had aged out', async () => {
    const lead = sampleLead({ title: 'Sales Manager', employees: 30, last_name: 'Comesback' });
    await send(lead);
    await shows('board', /Comesback/);
    clock.advance(15 * DAY_MS);
    await shows('board', /^(?!.*Comesback)/);

    await send(lead);

    await shows('board', /Comesback/);
    expect(await assessmentsOf(lead)).toBe(1);
  });
});
