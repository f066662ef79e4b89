import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDigestRenderer } from '../../src/delivery/digest-renderer.ts';
import { oweDigests } from '../../src/jobs/owe-digests.ts';
import { withdrawDigests } from '../../src/records/digests.ts';
import { createPreferences } from '../../src/records/preferences.ts';
import type { Rulesets } from '../../src/records/rulesets.ts';
import { DEFAULT_PREFERENCES } from '../../src/routing/availability.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { type StoredLeads, storedLeads, storeRuleset } from '../support/stored-leads.ts';

const BERLIN = 'Europe/Berlin';
const REP = 'U0REP';
const DAY_MS = 86_400_000;

describe('digests', () => {
  let database: TestDatabase;
  let leads: StoredLeads;
  let now: Date;
  const clock = { now: () => now };
  const hours = { time_zone: BERLIN, days: ['mon', 'tue', 'wed', 'thu', 'fri'] };
  const team = {
    ...{ id: 'leads-growth', reps: [{ email: 'rep@example.com' }], manager: 'rep@example.com' },
    ...{ hours, holidays: ['2026-11-26'] },
  };
  const rulesets = { live: async () => ({ teams: [team] }) } as unknown as Rulesets;
  const options = () => ({ db: database.db, clock, rulesets });

  beforeAll(async () => {
    database = await createTestDatabase();
    await storeRuleset(database.db);
    leads = storedLeads(database.db);
    await leads.member(REP, 'Rae Sample');
    await database.db
      .updateTable('members')
      .set({ email: 'rep@example.com', time_zone: BERLIN })
      .execute();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.db.deleteFrom('outbox').execute();
    await database.db.updateTable('leads').set({ state: 'closed' }).execute();
    await database.db.updateTable('members').set({ time_zone: BERLIN, role: 'rep' }).execute();
  });

  async function wanted(digestAt: string, from: string): Promise<void> {
    now = new Date(from);
    await database.db.deleteFrom('preferences').execute();
    const member = { slackUserId: REP, timeZone: BERLIN };
    await createPreferences(database.db, clock).save(member, { ...DEFAULT_PREFERENCES, digestAt });
  }

  /** The sweep of several processes, each minute of an hour apart, until the end. */
  async function sweepUntil(end: string): Promise<string[]> {
    for (; now < new Date(end); now = new Date(now.getTime() + 30 * 60_000)) {
      await Promise.all([oweDigests(options()), oweDigests(options())]);
    }
    const rows = await database.db.selectFrom('outbox').select(['key', 'created_at']).execute();
    return rows
      .map(({ key, created_at: at }) => `${key.split(':')[2]} ${at.toISOString().slice(11, 16)}`)
      .sort();
  }

  async function rendered() {
    const [row] = await database.db
      .selectFrom('outbox')
      .select('payload')
      .where('kind', '=', 'slack.digest')
      .execute();
    const { renderDigest } = createDigestRenderer({ ...options(), crmUrl: () => null });
    return renderDigest(row?.payload ?? {});
  }

  it('are owed once for each working day, by the own clock, whoever looks', async () => {
    await wanted('08:30', '2026-11-24T00:00:00Z');
    expect(await sweepUntil('2026-12-01T00:00:00Z')).toEqual([
      // Thursday is a holiday of the team, then comes the weekend.
      '2026-11-24 07:30',
      '2026-11-25 07:30',
      '2026-11-27 07:30',
      '2026-11-30 07:30',
    ]);
  });

  it('follow the clocks when these change, and are not doubled by an hour that comes twice', async () => {
    hours.days.push('sat', 'sun');
    await wanted('02:30', '2026-10-24T00:00:00Z');
    const rows = await sweepUntil('2026-10-27T00:00:00Z');
    expect(rows).toEqual(['2026-10-24 00:30', '2026-10-25 00:30', '2026-10-26 01:30']);
    await database.db.deleteFrom('outbox').execute();
    // That night there is no 02:30.
    await wanted('02:30', '2027-03-27T03:00:00Z');
    const spring = await sweepUntil('2027-03-29T03:00:00Z');
    hours.days.length = 5;
    expect(spring).toEqual(['2027-03-28 01:30', '2027-03-29 00:30']);
  });

  it('go with a person to another clock, once a day there too', async () => {
    await wanted('09:00', '2026-11-24T00:00:00Z');
    expect(await sweepUntil('2026-11-24T10:00:00Z')).toEqual(['2026-11-24 08:00']);
    await database.db.updateTable('members').set({ time_zone: 'America/New_York' }).execute();
    expect(await sweepUntil('2026-11-25T20:00:00Z')).toEqual([
      '2026-11-24 08:00',
      '2026-11-25 14:00',
    ]);
  });

  it('come once on a day on which somebody picks a later time', async () => {
    await wanted('08:30', '2026-11-24T00:00:00Z');
    await sweepUntil('2026-11-24T08:00:00Z');
    const member = { slackUserId: REP, timeZone: BERLIN };
    const later = { ...DEFAULT_PREFERENCES, digestAt: '10:00' };
    await createPreferences(database.db, clock).save(member, later);
    await sweepUntil('2026-11-24T12:00:00Z');
    const rows = await database.db.selectFrom('outbox').select('wanted_revision').execute();
    expect(rows).toEqual([{ wanted_revision: 1 }]);
  });

  it('are late rather than lost after an outage of the day, and left out after a longer one', async () => {
    await wanted('08:30', '2026-11-24T00:00:00Z');
    now = new Date('2026-11-24T15:00:00Z');
    expect(await sweepUntil('2026-11-24T16:00:00Z')).toEqual(['2026-11-24 15:00']);
    expect(await rendered()).toBeNull();
    now = new Date('2026-11-25T23:30:00Z');
    expect(await sweepUntil('2026-11-26T00:00:00Z')).toEqual(['2026-11-24 15:00']);
  });

  it('say what waits, the best three and why, what is overdue and what came of overrides', async () => {
    await wanted('08:30', '2026-11-24T00:00:00Z');
    now = new Date('2026-11-24T07:30:00Z');
    await oweDigests(options());
    expect(await rendered()).toBeNull();

    const late = new Date(now.getTime() - 60_000);
    for (const [index, points] of [70, 60, 50, 40].entries()) {
      const slaDueAt = index === 0 ? late : null;
      await leads.lead({ rep: REP, tier: 'A', points, slaDueAt, lastName: `Number ${index}` });
    }
    const overridden = await leads.lead({ state: 'closed', tier: 'A' });
    await leads.decide(overridden, REP, 'disqualified');
    await leads.outcome(overridden, 'converted', late);

    const digest = await rendered();
    expect(digest?.text).toMatch(/^4 leads wait for you, 1 overdue\n1\. A 70 Dana Number 0/);
    expect(digest?.text).toMatch(
      /3\. A 50 .*\nL-T005: you said off the board, the rules A; converted$/,
    );
    expect(digest?.leadIds).toHaveLength(3);
    expect(JSON.stringify(digest?.blocks)).toContain('and 1 more');
    expect(digest?.text).not.toContain('Yesterday');

    await database.db.updateTable('members').set({ role: 'manager' }).execute();
    await database.db.updateTable('leads').set({ state: 'closed' }).execute();
    await database.db.deleteFrom('outcomes').execute();
    // Of yesterday, and nothing waits today.
    const yesterday = new Date(now.getTime() - DAY_MS);
    await database.db
      .insertInto('assignments')
      .values({
        ...{ lead_id: await leads.lead({ state: 'closed', scored: false }), rep_user_id: null },
        ...{ team: team.id, channel_id: 'leads-growth', routing_rule: 'r', because: 'b' },
        ...{ assigned_at: yesterday, assigned_by: 'routing' },
      })
      .execute();
    expect((await rendered())?.text).toBe(
      '0 leads wait for you\nYesterday: 1 in, 0 accepted, 0 held',
    );
  });

  it('say nothing on another day, and nothing of somebody who was erased', async () => {
    await wanted('08:30', '2026-11-24T00:00:00Z');
    now = new Date('2026-11-24T07:30:00Z');
    await oweDigests(options());
    const leadId = await leads.lead({ rep: REP });
    expect((await rendered())?.mayPost).toBe(true);
    now = new Date('2026-11-24T23:00:00Z');
    expect(await rendered()).toBeNull();

    const payload = JSON.stringify({ userId: REP, date: '2026-11-24', leadIds: `x ${leadId}` });
    await database.db.updateTable('outbox').set({ payload }).execute();
    const withdraw = (id: string) =>
      database.db.transaction().execute((tx) => withdrawDigests(tx, [id], now));
    expect(await withdraw('01890000-0000-7000-8000-0000000000ff')).toBe(0);
    expect(await withdraw(leadId)).toBe(1);
    expect(await rendered()).toMatchObject({
      mayPost: false,
      text: expect.stringMatching(/erased/),
    });
  });
});
