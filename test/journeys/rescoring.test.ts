import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMovableClock } from '../support/movable-clock.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';

const DAY_MS = 86_400_000;
const WAIT = { timeout: 15_000, interval: 50 };
/** 38 points of fit: B with three looks at the pricing page, C without. */
const MIDDLING = { title: 'Engineering Manager', industry: 'Mining', message: null };

describe('scoring again when only time has passed', () => {
  const clock = createMovableClock();
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ clock });
  });
  afterAll(() => world.close());

  async function receive(over: Record<string, unknown> = {}): Promise<string> {
    const lead = sampleLead({ ...MIDDLING, ...over });
    await world.sendLead(lead);
    await world.scored();
    const { id } = await world.database.db
      .selectFrom('leads')
      .select('id')
      .where('external_id', '=', String(lead.id))
      .executeTakeFirstOrThrow();
    return id;
  }

  async function seen(email: unknown, times: number): Promise<void> {
    for (let index = 0; index < times; index++) {
      const at = new Date(clock.now().getTime() - index * 1000).toISOString();
      const signal = { kind: 'pricing_viewed', email, occurred_at: at };
      const answer = await world.sendSignal(signal, { source: 'website' });
      expect(answer.status).toBe(200);
    }
    await world.scored();
  }

  function assessments(leadId: string) {
    return world.database.db
      .selectFrom('assessments')
      .select(['tier', 'points', 'id'])
      .where('lead_id', '=', leadId)
      .orderBy('scored_at')
      .orderBy('id')
      .execute();
  }

  /** When somebody is reminded of it is a matter of time alone. */
  const leadRow = async (id: string) => {
    const { escalate_at: _look, ...row } = await world.database.db
      .selectFrom('leads')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return row;
  };

  const board = () => JSON.stringify(world.person('repOne').messages('leads-growth'));

  it('lets a lead with a decaying reason fall a tier, on the board too, and no other lead moves', async () => {
    const email = 'dana.decays@freight-decays.example';
    const decaying = await receive({ email, last_name: 'Decays' });
    await seen(email, 3);
    const steady = await receive({ message: 'We would like a demo.' });
    // A board is drawn again at most every 30 seconds.
    clock.advance(60_000);
    await world.settled();
    const before = (await assessments(decaying)).at(-1);
    expect(before).toMatchObject({ tier: 'B', points: 53 });
    expect(board()).toMatch(/B 53/);
    expect((await leadRow(steady)).rescore_at).toBeNull();
    const untouched = await leadRow(steady);

    clock.advance(6 * DAY_MS);
    await vi.waitFor(async () => {
      expect((await assessments(decaying)).at(-1)).toMatchObject({ tier: 'C', points: 49 });
    }, WAIT);
    clock.advance(60_000);
    await vi.waitFor(() => expect(board()).toMatch(/C 49/), WAIT);

    expect(await leadRow(steady)).toEqual(untouched);
    expect(await assessments(steady)).toHaveLength(1);
    // Until the next point is gone there is nothing to do.
    const { rescore_at: next, score_due_at: due } = await leadRow(decaying);
    expect(due).toBeNull();
    expect(next?.getTime()).toBeGreaterThan(clock.now().getTime());
  });

  it('writes nothing when the result is the same, and looks again later', async () => {
    const email = 'dana.same@freight-same.example';
    const id = await receive({ email, last_name: 'Same' });
    await seen(email, 3);
    const { length } = await assessments(id);
    const { rescore_at: next } = await leadRow(id);

    await world.database.db
      .updateTable('leads')
      .set({ rescore_at: clock.now() })
      .where('id', '=', id)
      .execute();

    await vi.waitFor(async () => expect((await leadRow(id)).rescore_at).toEqual(next), WAIT);
    expect(await assessments(id)).toHaveLength(length);
  });

  it('leaves closed leads alone, and those that somebody works on', async () => {
    const { db } = world.database;
    const ids: string[] = [];
    for (const state of ['closed', 'accepted'] as const) {
      const id = await receive({ last_name: state });
      ids.push(id);
      await db
        .updateTable('leads')
        .set({ state, rescore_at: new Date(0) })
        .where('id', '=', id)
        .execute();
    }
    const open = await receive({ last_name: 'Open' });
    await db
      .updateTable('leads')
      .set({ rescore_at: new Date(1) })
      .where('id', '=', open)
      .execute();

    await vi.waitFor(async () => expect((await leadRow(open)).rescore_at).toBeNull(), WAIT);
    for (const id of ids) expect((await leadRow(id)).rescore_at).toEqual(new Date(0));
  });
});
