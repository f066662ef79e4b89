import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createHeldEvents } from '../../src/decisions/held-events.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';

const WAIT = { timeout: 15_000, interval: 50 };

describe('what is held can be seen and let go in Slack', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    const manager = world.person('manager');
    await manager.openHome();
    const admin = world.person('admin');
    await admin.runCommand('/firstcall', `grant <@${world.slack.users.manager.id}> manager`);
    await vi.waitFor(async () => {
      const { role } = await world.database.db
        .selectFrom('members')
        .select('role')
        .where('slack_user_id', '=', world.slack.users.manager.id)
        .executeTakeFirstOrThrow();
      expect(role).toBe('manager');
    }, WAIT);
  });
  afterAll(() => world.close());

  async function clickHeld(actionId: string): Promise<string> {
    const manager = world.person('manager');
    const channel = world.slack.channelId('leads-growth');
    const before = manager.ephemerals().length;
    await manager.runCommand('/firstcall', 'held', channel);
    await vi.waitFor(() => expect(manager.ephemerals().length).toBeGreaterThan(before), WAIT);
    const list = manager.ephemerals().at(-1);
    const ts = String(list?.ts);
    const told = manager.ephemerals().length;
    await manager.clickButton({ channel, ts, actionId });
    await vi.waitFor(() => expect(manager.ephemerals().length).toBeGreaterThan(told), WAIT);
    return String(manager.ephemerals().at(-1)?.text);
  }

  async function heldEvents() {
    return world.database.db
      .selectFrom('inbound_events')
      .selectAll()
      .where('state', '=', 'held')
      .execute();
  }

  it('holds an item that cannot be understood while the others of its batch go on, and tells the admins', async () => {
    const answer = await world.sendLead({ leads: [sampleLead(), { note: 'nobody to call' }] });
    expect(await answer.json()).toMatchObject({ received: 2 });
    await world.scored();

    expect(await heldEvents()).toHaveLength(1);
    await vi.waitFor(
      () =>
        expect(JSON.stringify(world.slack.journal.posts())).toMatch(
          /A webhook item was held\..*\/firstcall held shows what still is/,
        ),
      WAIT,
    );
  });

  it('lets a manager dismiss it; the record stays', async () => {
    const [event] = await heldEvents();
    expect(await clickHeld('held_event_dismiss')).toContain('Dismissed');
    expect(await heldEvents()).toEqual([]);
    // A second click, or the same one whose answer was lost, is told its own success; another one, whose it was.
    const { manager, admin } = world.slack.users;
    const { db } = world.database;
    const settle = createHeldEvents(db, systemClock, () => undefined).settle;
    expect(await settle(event?.id ?? '', 'dismiss', manager.id)).toEqual({ kind: 'done' });
    expect(await settle(event?.id ?? '', 'retry', admin.id)).toEqual({
      ...{ kind: 'gone', last: { by: manager.id, act: 'dismiss' } },
    });
    const kept = await world.database.db
      .selectFrom('audit_log')
      .select('action')
      .where('action', '=', 'held_event.dismissed')
      .execute();
    expect(kept).toHaveLength(1);
  });

  const rival = sampleLead({
    email: 'dana@rival.example',
    website: 'rival.example',
    company: 'Sample Rival',
  });

  it('holds a lead that a hard stop matches, and puts it on the board when a manager releases it', async () => {
    await world.sendLead(rival);
    await world.scored();
    const held = await world.database.db
      .selectFrom('leads')
      .select(['id', 'held_detail'])
      .where('state', '=', 'held')
      .executeTakeFirstOrThrow();
    expect(held.held_detail).toBe('competitor');

    await clickHeld('lead_release');
    await world.scored();

    const { state } = await world.database.db
      .selectFrom('leads')
      .select('state')
      .where('id', '=', held.id)
      .executeTakeFirstOrThrow();
    expect(state).toBe('open');
    await vi.waitFor(
      () => expect(JSON.stringify(world.slack.journal.all)).toContain('Sample Rival'),
      { timeout: 40_000, interval: 200 },
    );
  });

  it('holds a released lead anew when another stop comes to match, and not for the one it was released from', async () => {
    const state = () =>
      world.database.db
        .selectFrom('leads')
        .select(['state', 'held_detail'])
        .where('external_id', '=', String(rival.id))
        .executeTakeFirstOrThrow();

    await world.sendLead({ ...rival, employees: 900 });
    await world.scored();
    expect(await state()).toEqual({ state: 'open', held_detail: null });

    await world.sendLead({ ...rival, opted_out: true });
    await world.scored();
    expect(await state()).toEqual({ state: 'held', held_detail: 'opted_out' });
  });

  it('refuses a rep, in words', async () => {
    const rep = world.person('repOne');
    const channel = world.slack.channelId('leads-growth');

    await rep.runCommand('/firstcall', 'held', channel);

    await vi.waitFor(() => expect(rep.ephemerals().length).toBeGreaterThan(0), WAIT);
    expect(String(rep.ephemerals().at(-1)?.text)).toMatch(/manager/i);
  });
});
