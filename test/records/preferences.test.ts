import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enqueueNotice } from '../../src/platform/notices.ts';
import { inTransaction } from '../../src/platform/postgres/database.ts';
import { createPreferences, readAttention } from '../../src/records/preferences.ts';
import { createRepLoads } from '../../src/records/rep-loads.ts';
import { DEFAULT_PREFERENCES, type Preferences } from '../../src/routing/availability.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const DAY_MS = 86_400_000;
const REP = { slackUserId: 'U0REP', timeZone: 'America/New_York' };

describe('preferences in the database', () => {
  let database: TestDatabase;
  let now = new Date('2026-11-25T15:00:00Z');
  const clock = { now: () => now };

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.db
      .insertInto('members')
      .values({
        ...{ slack_user_id: REP.slackUserId, email: 'Rep.One@example.com', display_name: 'Rep' },
        ...{ role: 'rep', crm_user_id: null, time_zone: REP.timeZone, updated_at: now },
      })
      .execute();
  });
  afterAll(() => database.drop());

  const store = () => createPreferences(database.db, clock);
  const row = () => database.db.selectFrom('preferences').selectAll().executeTakeFirstOrThrow();
  const audited = async () => {
    const rows = await database.db.selectFrom('audit_log').select(['actor', 'detail']).execute();
    return rows.map(({ actor, detail }) => [actor, detail]);
  };

  it('are read as saved, each change once in the audit log, without its days', async () => {
    expect(await store().read(REP.slackUserId)).toEqual(DEFAULT_PREFERENCES);
    const chosen: Preferences = {
      alerts: 'direct',
      quietHours: { from: '18:00', to: '08:00' },
      digestAt: '10:30',
      away: { from: new Date(now.getTime() + DAY_MS), until: new Date(now.getTime() + 2 * DAY_MS) },
    };
    await store().save(REP, chosen);
    await store().save(REP, chosen);
    expect(await store().read(REP.slackUserId)).toEqual(chosen);
    expect(await audited()).toEqual([
      [REP.slackUserId, { changed: ['alerts', 'quietHours', 'digestAt', 'away'] }],
    ]);
    // Ten in New York is before the half hour.
    expect((await row()).digest_due_at).toEqual(new Date('2026-11-25T15:30:00Z'));

    now = new Date('2026-11-25T15:30:01Z');
    await store().save(REP, { ...chosen, alerts: 'none' });
    expect((await row()).digest_due_at).toEqual(new Date('2026-11-25T15:30:00Z'));
    await store().save(REP, { ...chosen, digestAt: null });
    expect((await row()).digest_due_at).toBeNull();
  });

  it('say who is away for routing, and nothing pings them meanwhile', async () => {
    const away = { from: now, until: new Date(now.getTime() + DAY_MS) };
    await store().save(REP, { ...DEFAULT_PREFERENCES, away });
    const loads = createRepLoads(database.db, clock);
    const absent = async () => [...(await loads.read()).absentReps];
    expect(await absent()).toEqual(['rep.one@example.com']);
    expect((await readAttention(database.db, REP.slackUserId, now)).mention).toBe(false);

    now = away.until;
    expect(await absent()).toEqual([]);
    expect((await store().read(REP.slackUserId)).away).toBeNull();
    expect((await readAttention(database.db, REP.slackUserId, now)).mention).toBe(true);
    expect((await readAttention(database.db, 'U0NOBODY', now)).mention).toBe(true);
  });

  it('what was held back is due as soon as nothing holds it back any more', async () => {
    const hour = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
    const quietHours = { from: '00:00', to: '23:59' };
    await store().save(REP, {
      ...{ ...DEFAULT_PREFERENCES, quietHours },
      away: { from: now, until: hour(48) },
    });
    await inTransaction(database.db, async (tx) => {
      for (const userId of [REP.slackUserId, 'U0OTHER']) {
        const notice = { userId, noticeKind: 'lead-given', subject: 'lead', ids: {}, now };
        await enqueueNotice(tx, { ...notice, traceId: 'test', notBefore: hour(48) });
      }
    });
    const dueAt = async (userId = REP.slackUserId) => {
      const rows = await database.db.selectFrom('outbox').select(['due_at', 'payload']).execute();
      return rows.find(({ payload }) => payload.userId === userId)?.due_at;
    };

    now = hour(1);
    await store().save(REP, { ...DEFAULT_PREFERENCES, quietHours });
    const { quietUntil } = await readAttention(database.db, REP.slackUserId, now);
    expect(quietUntil).not.toBeNull();
    expect(await dueAt()).toEqual(quietUntil);
    await store().save(REP, DEFAULT_PREFERENCES);
    expect(await dueAt()).toEqual(now);
    expect(await dueAt('U0OTHER')).toEqual(hour(47));
  });
});
