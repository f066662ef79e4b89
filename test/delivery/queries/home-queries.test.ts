import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DecisionKind } from '../../../src/decisions/ledger.ts';
import type { HomeQueries, HomeStates } from '../../../src/delivery/home/home-port.ts';
import type { HomeFilter } from '../../../src/delivery/home/home-views.ts';
import type { Member } from '../../../src/delivery/ports.ts';
import { createHomeQueries } from '../../../src/delivery/queries/home/home-queries.ts';
import type { Outcome } from '../../../src/lead/crm-outcome.ts';
import { TEST_LEAD_SOURCE } from '../../../src/lead/test-lead.ts';
import { createHomeStates } from '../../../src/records/home-states.ts';
import { minutesFrom, NOW } from '../../support/fake-lead-views.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import {
  type StoredLeadOptions,
  type StoredLeads,
  storedLeads,
  storeRuleset,
} from '../../support/stored-leads.ts';

let database: TestDatabase;
let stored: StoredLeads;
let home: HomeQueries;
let states: HomeStates;
let now = NOW;
let channelsOfBot = ['leads-growth'];

const HOURS = { days: ['tue'], from: '09:00', to: '17:00' } as const;
const TEAMS = [
  {
    ...{ id: 'leads-growth', label: 'Growth', channel: 'leads-growth' },
    ...{ manager: 'Manager@example.com', assignment: 'round_robin' },
    reps: [{ email: 'Me@example.com' }, { email: 'other@example.com' }],
    hours: { ...HOURS, time_zone: 'America/New_York' },
  },
  {
    ...{ id: 'leads-large', channel: 'leads-large', assignment: 'round_robin' },
    reps: [{ email: 'gone@example.com' }, { email: 'nobody@example.com' }],
    hours: { ...HOURS, time_zone: 'Asia/Tokyo' },
  },
];
const MANAGER = member('U0MANAGER', 'manager', 'manager@example.com');
const ADMIN = member('U0ADMIN', 'admin', 'admin@example.com');

function member(slackUserId: string, role: Member['role'], email: string): Member {
  const rest = { crmUserId: null, timeZone: null, standing: 'member' } as const;
  return { slackUserId, displayName: slackUserId, role, email, ...rest };
}

beforeAll(async () => {
  database = await createTestDatabase();
  stored = storedLeads(database.db);
  await storeRuleset(database.db);
  for (const name of ['me', 'other', 'gone', 'away', 'manager', 'admin']) {
    const id = `U0${name.toUpperCase()}`;
    await stored.member(id, `${name} Sample`, name === 'gone' ? 'deactivated' : 'member');
    const email = `${name}@example.com`;
    await database.db
      .updateTable('members')
      .set({
        email,
        time_zone: 'Europe/Berlin',
        ...(name === 'manager' || name === 'admin' ? { role: name } : {}),
      })
      .where('slack_user_id', '=', id)
      .execute();
  }
  home = createHomeQueries({
    ...{ db: database.db, clock: { now: () => now }, crmUrl: () => null },
    rulesets: { live: async () => ({ teams: TEAMS }) as never },
    ...{ sourceCount: 1, hasCrm: true },
    channels: {
      check: async (name) => ({
        ...{ id: name, name, isArchived: false, isMember: channelsOfBot.includes(name) },
      }),
    },
  });
  states = createHomeStates(database.db, { now: () => now });
});
afterAll(() => database.drop());

beforeEach(async () => {
  now = NOW;
  channelsOfBot = ['leads-growth'];
  await database.db
    .updateTable('leads')
    .set({ state: 'closed', held_reason: null, held_detail: null, accepted_by: null })
    .execute();
  await database.db.deleteFrom('home_states').execute();
  await database.db.deleteFrom('outcomes').execute();
  await database.db.deleteFrom('preferences').execute();
});

const fresh = { filter: 'all', page: 0, newSince: null, introduced: [] } as const;
const queue = (filter: HomeFilter, newSince: Date | null = null, page = 0) =>
  home.queue('U0ME', { ...fresh, filter, newSince, page });
const ids = async (filter: HomeFilter, newSince: Date | null = null) =>
  (await queue(filter, newSince)).leads.map(({ lead }) => lead.leadId);

async function assign(leadId: string, rep: string | null, at: Date, due: Date | null = null) {
  const row = await database.db
    .insertInto('assignments')
    .values({
      ...{ lead_id: leadId, team: 'leads-growth', channel_id: 'leads-growth', rep_user_id: rep },
      ...{ routing_rule: 'route.rest', because: 'Sample', sla_due_at: due },
      ...{ assigned_at: at, assigned_by: 'routing' },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const change = { assignment_id: row.id };
  await database.db.updateTable('leads').set(change).where('id', '=', leadId).execute();
}

interface Decided {
  actor?: string;
  at?: Date;
  latencyMs?: number | null;
  toTier?: string | null;
  undoes?: string;
}
async function decide(leadId: string, kind: DecisionKind, decided: Decided = {}) {
  const { actor = 'U0ME', at = NOW, latencyMs = null, toTier = null, undoes = null } = decided;
  const lead = await database.db
    .selectFrom('leads')
    .select('assessment_id')
    .where('id', '=', leadId)
    .executeTakeFirstOrThrow();
  const row = await database.db
    .insertInto('decisions')
    .values({
      ...{ lead_id: leadId, assessment_id: lead.assessment_id, ruleset_version: 1, kind, actor },
      ...{ surface: 'board', from_tier: null, to_tier: toTier, reason_code: null, worked: null },
      ...{ to_member: null, snoozed_until: null, undoes, latency_ms: latencyMs },
      ...{ blamed_rules: [], idempotency_key: randomUUID(), trace_id: 'test', decided_at: at },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function set(leadId: string, change: { snoozed_until: Date }) {
  await database.db.updateTable('leads').set(change).where('id', '=', leadId).execute();
}
const mine = (options: StoredLeadOptions = {}) => stored.lead({ rep: 'U0ME', ...options });

describe('my queue', () => {
  it('is what is routed to me, in call order; due is what is overdue or due within 15 minutes', async () => {
    const later = await mine({ tier: 'A', slaDueAt: minutesFrom(NOW, 60) });
    const soon = await mine({ tier: 'C', slaDueAt: minutesFrom(NOW, 14) });
    const over = await mine({ tier: 'D', slaDueAt: minutesFrom(NOW, -5) });
    await stored.lead({ rep: 'U0OTHER', tier: 'A' });
    const all = await queue('all');
    expect(all.leads.map(({ lead, rank }) => [lead.leadId, rank])).toEqual([
      ...[
        [later, 1],
        [soon, 2],
        [over, 3],
      ],
    ]);
    expect(all.counts).toEqual({ all: 3, due: 2, new: 0, accepted: 0, snoozed: 0 });
    const due = await queue('due');
    expect(due.leads.map(({ lead, rank }) => [lead.leadId, rank])).toEqual([
      ...[
        [soon, 2],
        [over, 3],
      ],
    ]);
  });

  it('is new when it came to me since, not when only its deadline moved', async () => {
    const since = minutesFrom(NOW, 10);
    const old = await mine();
    await assign(old, 'U0ME', minutesFrom(NOW, 20));
    const handed = await stored.lead({ rep: 'U0OTHER' });
    await assign(handed, 'U0ME', minutesFrom(NOW, 20));
    const back = await mine();
    await assign(back, null, minutesFrom(NOW, 12));
    await assign(back, 'U0ME', minutesFrom(NOW, 15));

    expect(new Set(await ids('new', since))).toEqual(new Set([handed, back]));
    expect((await queue('all', since)).leads.filter(({ isNew }) => isNew)).toHaveLength(2);
    // Whoever looks for the first time would see everything marked, which says nothing.
    expect(await ids('new', null)).toEqual([]);
  });

  it('accepted: mine, the newest first; snoozed: what I put off, the next to come back first', async () => {
    const options = { state: 'accepted', acceptedBy: 'U0ME' } as const;
    const first = await mine({ ...options, acceptedAt: minutesFrom(NOW, -9) });
    const second = await mine({ ...options, acceptedAt: minutesFrom(NOW, -3) });
    expect(await ids('accepted')).toEqual([second, first]);

    const late = await mine({ state: 'snoozed' });
    const early = await mine({ state: 'snoozed' });
    const theirs = await mine({ state: 'snoozed' });
    await set(late, { snoozed_until: minutesFrom(NOW, 90) });
    await set(early, { snoozed_until: minutesFrom(NOW, 30) });
    await decide(late, 'snoozed');
    await decide(early, 'snoozed', { actor: 'U0OTHER', at: minutesFrom(NOW, -60) });
    await decide(early, 'snoozed', { at: minutesFrom(NOW, -30) });
    await decide(theirs, 'snoozed', { actor: 'U0OTHER' });
    expect(await ids('snoozed')).toEqual([early, late]);
  });

  it('turns pages of ten, and never past the last', async () => {
    for (let n = 0; n < 23; n += 1) await mine({ points: 90 - n });
    const third = await queue('all', null, 2);
    expect(third.leads.map(({ rank }) => rank)).toEqual([21, 22, 23]);
    const beyond = await queue('all', null, 7);
    expect([beyond.page, beyond.leads.length]).toEqual([2, 3]);
  });
});

describe('what App Home remembers', () => {
  it('new is what came between the last opening and the one before; a click or redelivery moves nothing', async () => {
    expect((await states.read('U0ME')).newSince).toBeNull();
    expect((await states.opened('U0ME', 'Ev1')).newSince).toBeNull();
    now = minutesFrom(NOW, 10);
    expect((await states.opened('U0ME', 'Ev2')).newSince).toEqual(NOW);
    now = minutesFrom(NOW, 20);
    expect((await states.opened('U0ME', 'Ev2')).newSince).toEqual(NOW);
    expect((await states.choose('U0ME', { filter: 'due' })).newSince).toEqual(NOW);
    expect((await states.opened('U0ME', 'Ev3')).newSince).toEqual(minutesFrom(NOW, 10));
  });

  it('a filter stays and begins at its first page; each introduction is put away once', async () => {
    expect(await states.choose('U0ME', { filter: 'due' })).toMatchObject({
      filter: 'due',
      page: 0,
    });
    expect(await states.choose('U0ME', { page: 2 })).toMatchObject({ filter: 'due', page: 2 });
    expect(await states.choose('U0ME', { filter: 'all' })).toMatchObject({ page: 0 });
    await states.choose('U0ME', { page: 1 });
    expect(await states.opened('U0ME', 'Ev1')).toMatchObject({ filter: 'all', page: 0 });
    await states.putAway('U0ME', 'rep');
    await states.putAway('U0ME', 'manager');
    expect((await states.putAway('U0ME', 'rep')).introduced).toEqual(['manager', 'rep']);
    expect((await states.read('U0OTHER')).introduced).toEqual([]);
  });
});

describe('my figures', () => {
  it('count what stands, of mine, in the period; accepted in time by the deadline of that moment', async () => {
    const due = minutesFrom(NOW, -50);
    const accept = async (at: Date, latencyMs: number | null, decided: Decided = {}) => {
      const lead = await stored.lead({ state: 'accepted' });
      await assign(lead, 'U0ME', minutesFrom(NOW, -100), due);
      return decide(lead, 'accepted', { at, latencyMs, ...decided });
    };
    await accept(minutesFrom(NOW, -60), 60_000);
    await accept(minutesFrom(NOW, -50), 120_000);
    await accept(minutesFrom(NOW, -49), 300_000);
    await accept(minutesFrom(NOW, -40), null);
    await accept(minutesFrom(NOW, -60), 1, { actor: 'U0OTHER' });
    await accept(minutesFrom(NOW, -60 * 24 * 31), 1);
    const undone = await accept(minutesFrom(NOW, -60), 1);
    const row = await database.db
      .selectFrom('decisions')
      .select('lead_id')
      .where('id', '=', undone)
      .executeTakeFirstOrThrow();
    await decide(row.lead_id, 'undone', { undoes: undone });
    await mine({ slaDueAt: minutesFrom(NOW, -1) });
    await mine({ slaDueAt: minutesFrom(NOW, 1) });
    await mine({ slaDueAt: minutesFrom(NOW, -60 * 24 * 31) });

    const figures = await home.figures('U0ME');
    expect(figures.timeToAccept).toEqual({ n: 3, medianMs: 120_000 });
    // Two in time, two late, one still waiting past its time; too few for a rate.
    expect(figures.slaMet).toEqual({ hits: 2, n: 5, rate: null, low: null, high: null });
  });

  it('what came of my overrides: after them, once a lead, undone ones left out', async () => {
    const outcome = (leadId: string, kind: Outcome, minutes: number) =>
      stored.outcome(leadId, kind, minutesFrom(NOW, minutes));
    const won = await stored.lead({ tier: 'C' });
    await decide(won, 'overridden', { at: minutesFrom(NOW, -90), toTier: 'B' });
    await decide(won, 'overridden', { at: minutesFrom(NOW, -80), toTier: 'A' });
    await outcome(won, 'lost', -85);
    await outcome(won, 'won', -20);
    await outcome(won, 'contacted', -10);
    const silent = await stored.lead({ tier: 'A' });
    await decide(silent, 'disqualified', { at: minutesFrom(NOW, -5) });
    const undone = await stored.lead();
    const decision = await decide(undone, 'overridden', { at: minutesFrom(NOW, -5), toTier: 'A' });
    await decide(undone, 'undone', { undoes: decision });
    await decide(await stored.lead(), 'overridden', { actor: 'U0OTHER', toTier: 'A' });

    const { count, rows } = await home.overrides('U0ME');
    expect(count).toBe(2);
    expect(rows.map((row) => [row.leadId, row.fromTier, row.toTier, row.cameOfIt])).toEqual([
      [won, 'C', 'A', 'won'],
      [silent, 'A', null, null],
    ]);
    expect(rows[0]?.name).toBe('Dana Sample, Example Freight');
  });
});

describe('teams', () => {
  it('a manager has the teams that name them or nobody; an admin all; a rep none', async () => {
    const names = async (who: Member) => (await home.team(who)).teams.map(({ name }) => name);
    expect(await names(MANAGER)).toEqual(['Growth', 'leads-large']);
    expect(await names({ ...MANAGER, email: 'another@example.com' })).toEqual(['leads-large']);
    expect(await names(ADMIN)).toEqual(['Growth', 'leads-large']);
    expect(await names({ ...MANAGER, role: 'rep' })).toEqual([]);
  });

  it('yesterday and today are the team’s own days', async () => {
    // In New York the day begins at 04:00 UTC.
    now = new Date('2030-03-12T14:23:00Z');
    const at = (text: string) => new Date(`2030-03-${text}:00Z`);
    const arrive = async (time: Date, kind?: DecisionKind) => {
      const lead = await stored.lead({ state: 'closed', channel: 'elsewhere' });
      await assign(lead, null, time);
      if (kind) await decide(lead, kind, { at: time });
      return lead;
    };
    // It came years ago; a new deadline is no second arrival.
    await assign(await stored.lead({ state: 'closed' }), null, at('12T09:00'));
    await arrive(at('11T03:59'));
    const moved = await arrive(at('11T04:00'), 'accepted');
    await arrive(at('12T03:59'), 'accepted');
    await arrive(at('12T04:00'), 'accepted');
    await assign(moved, null, at('12T10:00'));
    const undone = await arrive(at('12T11:00'));
    const decision = await decide(undone, 'accepted', { at: at('12T11:30') });
    await decide(undone, 'undone', { at: at('12T11:31'), undoes: decision });
    const held = await arrive(at('11T20:00'));
    await database.db
      .updateTable('leads')
      .set({ state: 'held', held_reason: 'disqualified', updated_at: at('11T20:01') })
      .where('id', '=', held)
      .execute();

    const [growth] = (await home.team(ADMIN)).teams;
    expect(growth?.yesterday).toEqual({ received: 3, accepted: 2, held: 1 });
    expect(growth?.today).toEqual({ received: 2, accepted: 1, held: 0 });
  });

  it('what waits: by effective tier, overdue, and the oldest', async () => {
    const oldest = await stored.lead({ tier: 'B', slaDueAt: minutesFrom(NOW, -1) });
    const raised = await stored.lead({ tier: 'C', slaDueAt: minutesFrom(NOW, 5) });
    await stored.lead({ tier: 'B', channel: 'leads-large' });
    await stored.lead({ tier: 'A', slaDueAt: minutesFrom(NOW, -9), source: TEST_LEAD_SOURCE });
    await database.db
      .updateTable('leads')
      .set({ override_tier: 'A' })
      .where('id', '=', raised)
      .execute();
    const { received_at } = await database.db
      .selectFrom('leads')
      .select('received_at')
      .where('id', '=', oldest)
      .executeTakeFirstOrThrow();
    const [growth] = (await home.team(ADMIN)).teams;
    expect(growth).toMatchObject({ overdue: 1, oldestAt: received_at });
    expect(growth?.open).toEqual([
      { tier: 'A', count: 1 },
      { tier: 'B', count: 1 },
    ]);
  });

  it('who has left or is away, with what they have; contacted leads stay with somebody away', async () => {
    await database.db
      .insertInto('preferences')
      .values({
        ...{ slack_user_id: 'U0AWAY', alerts: 'channel', quiet_from: null, quiet_to: null },
        ...{ digest_at: null, digest_due_at: null, updated_at: NOW },
        ...{ away_from: minutesFrom(NOW, -60), away_until: minutesFrom(NOW, 60) },
      })
      .execute();
    const open = await stored.lead({ rep: 'U0AWAY' });
    const having = (acceptedBy: string, state: 'accepted' | 'contacted') =>
      stored.lead({ state, acceptedBy, acceptedAt: NOW });
    const accepted = await having('U0AWAY', 'accepted');
    await having('U0AWAY', 'contacted');
    const left = await having('U0GONE', 'contacted');
    await stored.lead({ rep: 'U0GONE', state: 'snoozed' });
    await stored.lead({ rep: 'U0GONE', channel: 'leads-large' });
    await stored.lead({ rep: 'U0ME' });

    const { away } = await home.team(ADMIN);
    expect(away.map(({ userId, why, count }) => [userId, why, count])).toEqual([
      ['U0GONE', 'left', 3],
      ['U0AWAY', 'away', 2],
    ]);
    expect(away[1]).toMatchObject({ until: minutesFrom(NOW, 60), timeZone: 'Europe/Berlin' });
    expect(new Set(await home.leadsOf(ADMIN, 'U0AWAY'))).toEqual(new Set([open, accepted]));
    expect(await home.leadsOf(ADMIN, 'U0ME')).toEqual([]);
    expect(await home.leadsOf(ADMIN, 'U0GONE')).toContain(left);
    now = minutesFrom(NOW, 61);
    expect((await home.team(ADMIN)).away.map(({ userId }) => userId)).toEqual(['U0GONE']);
  });

  it('a team’s leads: open in call order, then accepted, then snoozed; only of teams of mine', async () => {
    const c = await stored.lead({ tier: 'C' });
    const a = await stored.lead({ tier: 'A' });
    const accepted = await stored.lead({
      ...{ state: 'accepted', acceptedBy: 'U0ME', acceptedAt: minutesFrom(NOW, -9) },
    });
    await decide(accepted, 'accepted', { at: minutesFrom(NOW, -9) });
    const snoozed = await stored.lead({ state: 'snoozed', rep: 'U0ME' });
    await stored.lead({ tier: 'A', channel: 'leads-large' });
    const list = await home.teamLeads(MANAGER, 'leads-growth', 0);
    expect(list?.leads.map(({ leadId }) => leadId)).toEqual([a, c, accepted, snoozed]);
    expect(list).toMatchObject({ count: 4, page: 0, pages: 1, team: 'Growth' });
    const stranger = { ...MANAGER, email: 'another@example.com' };
    expect(await home.teamLeads(stranger, 'leads-growth', 0)).toBeNull();

    const choice = await home.assignable(MANAGER, accepted);
    expect(choice?.reps).toEqual([{ userId: 'U0OTHER', name: 'other Sample' }]);
    expect(await home.assignable(stranger, accepted)).toBeNull();
    expect((await home.assignable(MANAGER, a))?.reps.map(({ userId }) => userId)).toEqual([
      ...['U0ME', 'U0OTHER'],
    ]);
  });
});

describe('people and first steps', () => {
  it('roles that differ, and whom Slack or the CRM does not know', async () => {
    const people = await home.people();
    expect(people.roles.map(({ userId, role }) => [userId, role])).toEqual([
      ['U0ADMIN', 'admin'],
      ['U0MANAGER', 'manager'],
    ]);
    // Somebody who has left is nobody to route to.
    expect(people.notInSlack).toEqual(['gone@example.com', 'nobody@example.com']);
    expect(people.notInCrm?.map(({ userId }) => userId)).toEqual(['U0ME', 'U0OTHER']);
  });

  it('each step is done when what it asks for is there', async () => {
    const steps = async () =>
      Object.fromEntries((await home.setup()).map(({ id, isDone }) => [id, isDone]));
    const crm = (id: string | null) =>
      database.db
        .updateTable('members')
        .set({ crm_user_id: id })
        .where('slack_user_id', '=', 'U0ME')
        .execute();
    expect(await steps()).toEqual({
      ...{ channels: false, reps: false, sources: true, crm: false, first_lead: true },
    });
    channelsOfBot = ['leads-growth', 'leads-large'];
    await crm('005000000000001');
    expect(await steps()).toMatchObject({ channels: true, crm: true });
    await crm(null);
    channelsOfBot = [];
    const [channels] = await home.setup();
    expect(channels?.missing).toEqual(['#leads-growth', '#leads-large']);
  });
});
