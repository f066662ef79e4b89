import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RuleAdmin } from '../../src/delivery/ports.ts';
import { createRuleAdmin } from '../../src/records/rule-admin.ts';
import { createRulesets } from '../../src/records/rulesets.ts';
import { matchCrmUsers } from '../../src/write-back/match-crm-users.ts';
import { propertyEffort } from '../support/effort.ts';
import { eventually } from '../support/eventually.ts';
import { rescored } from '../support/rescored.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';
import { createFakeCrm } from '../write-back/fake-crm.ts';

/** Senior and tier A: the route to enterprise reads the tier, and a weaker demo rule takes it away. */
const RULE = 'intent.demo';
const ADMIN = 'U-admin';
const WAIT = { timeout: 15_000, interval: 50 };

describe('a change of rules and whose leads they are', () => {
  let world: World;
  let rules: RuleAdmin;

  beforeAll(async () => {
    world = await createWorld();
    const { db } = world.database;
    rules = createRuleAdmin({ db, rulesets: createRulesets(db), clock: { now: () => new Date() } });
  });
  afterAll(() => world.close());
  beforeEach(closeAll);

  async function closeAll(): Promise<void> {
    const gone = { state: 'closed', held_reason: null, held_detail: null } as const;
    await world.database.db.updateTable('leads').set(gone).execute();
  }

  async function receive(over: Record<string, unknown> = {}): Promise<string> {
    const lead = sampleLead(over);
    const { db } = world.database;
    await world.sendLead(lead);
    await world.scored();
    const externalId = String(lead.id);
    const row = await db
      .selectFrom('leads')
      .select('id')
      .where('external_id', '=', externalId)
      .executeTakeFirstOrThrow();
    return row.id;
  }

  /** Slack confirmed a message of its own, or did not. */
  async function announced(id: string): Promise<boolean> {
    const rows = await world.database.db
      .selectFrom('deliveries')
      .select('lead_id')
      .where('lead_id', '=', id)
      .where('surface', '=', 'hot')
      .execute();
    return rows.length > 0;
  }

  async function places(): Promise<Record<string, unknown>> {
    const rows = await world.database.db
      .selectFrom('leads')
      .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
      .select(['leads.short_id', 'assignments.team', 'assignments.rep_user_id as rep'])
      .where('leads.state', '=', 'open')
      .execute();
    return Object.fromEntries(rows.map(({ short_id: id, team, rep }) => [id, { team, rep }]));
  }

  async function linkToCrm(slackUserId: string, crmUserId: string): Promise<bigint> {
    const done = await world.database.db
      .updateTable('members')
      .set({ crm_user_id: crmUserId })
      .where('slack_user_id', '=', slackUserId)
      .executeTakeFirstOrThrow();
    return done.numUpdatedRows;
  }

  async function placeOf(id: string) {
    return world.database.db
      .selectFrom('leads')
      .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
      .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
      .select(['team', 'rep_user_id as rep', 'tier', 'short_id as shortId', 'sla_due_at as dueAt'])
      .where('leads.id', '=', id)
      .executeTakeFirstOrThrow();
  }

  async function publish(points: number): Promise<void> {
    const { version } = await rules.live();
    const done = await rules.publish({ ruleId: RULE, points }, 'Tuning', ADMIN, version);
    expect(done.kind).toBe('published');
    await rescored(world, version + 1);
  }

  async function rollback(to: number): Promise<void> {
    const { version } = await rules.live();
    const done = await rules.rollback(to, 'Back', ADMIN, version);
    expect(done.kind).toBe('published');
    await rescored(world, version + 1);
  }

  async function previewed(points: number) {
    const preview = await rules.preview({ ruleId: RULE, points });
    if (!preview.ok) throw new Error(preview.message);
    return preview.preview;
  }

  it('leaves an announced lead with its rep when its tier falls, by the deadline of the new tier', async () => {
    const id = await receive();
    const before = await placeOf(id);
    expect(before).toMatchObject({ team: 'enterprise', tier: 'A' });
    await vi.waitFor(async () => expect(await announced(id)).toBe(true), { timeout: 15_000 });
    const { version } = await rules.live();

    expect((await previewed(-20)).rerouted).toEqual([]);
    await publish(-20);

    const after = await placeOf(id);
    expect(after.tier).not.toBe('A');
    expect(after).toMatchObject({ team: before.team, rep: before.rep });
    expect(after.dueAt?.getTime()).toBeGreaterThan(before.dueAt?.getTime() ?? 0);
    await rollback(version);
    expect(await placeOf(id)).toEqual(before);
  });

  it('moves an announced lead when a fact about it changes its route', async () => {
    const lead = sampleLead({ title: 'Director of Sales Operations' });
    const id = await receive(lead);
    expect((await placeOf(id)).team).toBe('growth');
    await vi.waitFor(async () => expect(await announced(id)).toBe(true), { timeout: 15_000 });

    await world.sendLead({ ...lead, employees: 5_000 });
    await world.scored();

    expect((await placeOf(id)).team).toBe('enterprise');
  });

  it('gives a lead to its owner in the CRM where the team says so, and back to them after a change of rules', async () => {
    const owners = { repOne: '005000000000001AAA', repTwo: '005000000000002AAA' };
    for (const who of ['repOne', 'repTwo'] as const) {
      // The directory learns of the members a moment after the start.
      await eventually(async () => {
        expect(await linkToCrm(world.slack.users[who].id, owners[who])).toBe(1n);
      });
    }
    await world.person('admin').runCommand('/firstcall', 'pause');
    const ids = [];
    // One turn each by round robin: at least one would go to the wrong rep.
    for (let turn = 0; turn < 3; turn++) ids.push(await receive({ owner_id: owners.repOne }));
    const owned = { team: 'enterprise', rep: world.slack.users.repOne.id };
    for (const id of ids) expect(await placeOf(id)).toMatchObject(owned);
    const { version } = await rules.live();

    await publish(-20);
    for (const id of ids) expect((await placeOf(id)).team).toBe('growth');
    await rollback(version);

    for (const id of ids) expect(await placeOf(id)).toMatchObject(owned);
    const late = await receive();
    const found = await placeOf(late);
    const other = found.rep === world.slack.users.repOne.id ? 'repTwo' : 'repOne';
    const { external_id: externalId, profile } = await world.database.db
      .selectFrom('leads')
      .select(['external_id', 'profile'])
      .where('id', '=', late)
      .executeTakeFirstOrThrow();
    // The same again, but for its owner.
    const { firstName, lastName, company } = profile;
    const again = { id: externalId, email: profile.email, firstName, lastName, company };
    await world.sendLead({ ...again, owner_id: owners[other] });
    await world.scored();
    expect((await placeOf(late)).rep).toBe(world.slack.users[other].id);
    await world.person('admin').runCommand('/firstcall', 'resume');
  });

  it('gives a lead that came before its owner was known to them, once they are', async () => {
    const ownerId = '005000000000009AAA';
    const id = await receive({ owner_id: ownerId });
    const { rep } = await placeOf(id);
    const other = rep === world.slack.users.repOne.id ? 'repTwo' : 'repOne';
    const crm = createFakeCrm();
    crm.users.push({ id: ownerId, email: world.slack.users[other].email });

    await matchCrmUsers(world.database.db, crm, new Date());

    const owner = world.slack.users[other].id;
    await vi.waitFor(async () => expect((await placeOf(id)).rep).toBe(owner), WAIT);
  });

  it('publish and roll back leave every untouched lead where it was, and the preview names who moves', async () => {
    await world.person('admin').runCommand('/firstcall', 'pause');
    const titles = ['VP Sales Operations', 'CEO', 'Engineering Manager'] as const;
    const sizes = [40, 450, 2_000] as const;
    const messages = ['We would like a demo and pricing for 40 people.', 'Just looking.'] as const;
    const mix = fc.record({
      title: fc.constantFrom(...titles),
      employees: fc.constantFrom(...sizes),
      message: fc.constantFrom(...messages),
    });
    const changes = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 2 });
    const arbitrary = fc.tuple(fc.array(mix, { minLength: 1, maxLength: 6 }), changes);
    // One that surely moves.
    const senior = { title: titles[0], employees: sizes[1], message: messages[0] };
    let moves = 0;
    await fc.assert(
      fc.asyncProperty(arbitrary, async ([leads, points]) => {
        await closeAll();
        await Promise.all(leads.map((lead) => world.sendLead(sampleLead(lead))));
        await world.scored();
        const { version } = await rules.live();
        const before = await places();
        let last = before;
        for (const value of points) {
          if ((await rules.live()).rules.find(({ ruleId }) => ruleId === RULE)?.points === value)
            continue;
          const { rerouted } = await previewed(value);
          await publish(value);
          const now = await places();
          const moved = Object.keys(now).filter(
            (key) => JSON.stringify(now[key]) !== JSON.stringify(last[key]),
          );
          expect(rerouted.map(({ shortId }) => shortId).sort()).toEqual(moved.sort());
          moves += moved.length;
          last = now;
        }
        await rollback(version);
        expect(await places()).toEqual(before);
      }),
      { ...propertyEffort(1, 20), examples: [[[[senior], [-20]]]] },
    );
    expect(moves).toBeGreaterThan(0);
    await world.person('admin').runCommand('/firstcall', 'resume');
  }, 300_000);
});
