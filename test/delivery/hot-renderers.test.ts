import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelDirectory } from '../../src/delivery/channel-directory.ts';
import { createHotRenderers } from '../../src/delivery/hot-renderers.ts';
import { createPreferences } from '../../src/records/preferences.ts';
import { DEFAULT_PREFERENCES, type Preferences } from '../../src/routing/availability.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { type StoredLeads, storedLeads, storeRuleset } from '../support/stored-leads.ts';

const REP = 'U0REP';
const OTHER = 'U0OTHER';

describe('how a hot lead is told', () => {
  let database: TestDatabase;
  let leads: StoredLeads;
  let leadId: string;
  let now: Date;
  const clock = { now: () => now };

  beforeAll(async () => {
    database = await createTestDatabase();
    await storeRuleset(database.db);
    leads = storedLeads(database.db);
    await leads.member(REP, 'Rae Sample');
    await leads.member(OTHER, 'Otto Other');
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    now = new Date('2026-11-25T21:00:00Z');
    leadId = await leads.lead({ rep: REP, tier: 'A' });
  });

  const render = () =>
    createHotRenderers({
      ...{ db: database.db, clock, crmUrl: () => null },
      directory: { resolve: async (channel: string) => channel } as ChannelDirectory,
    });

  async function asked(over: Partial<Preferences>) {
    const store = createPreferences(database.db, clock);
    await store.save({ slackUserId: REP, timeZone: null }, { ...DEFAULT_PREFERENCES, ...over });
    const hot = await render().renderHot(leadId, { pings: true });
    const direct = await render().renderDirect(leadId, REP);
    return {
      mentions: JSON.stringify(hot?.blocks).includes(`"user_id":"${REP}"`),
      copy: hot?.copy ?? null,
      wanted: direct?.isWanted,
      quietUntil: direct?.quietUntil,
    };
  }

  it('by mention, directly or not at all', async () => {
    const nothing = { copy: null, wanted: false, quietUntil: null };
    expect(await asked({})).toEqual({ ...nothing, mentions: true });
    expect(await asked({ alerts: 'none' })).toEqual({ ...nothing, mentions: false });
    const copy = { userId: REP, dueAt: now };
    const directly = { mentions: false, copy, wanted: true, quietUntil: null };
    expect(await asked({ alerts: 'direct' })).toEqual(directly);
  });

  it('after quiet hours, and not while away', async () => {
    const quietHours = { from: '20:00', to: '07:00' };
    const morning = new Date('2026-11-26T07:00:00Z');
    expect((await asked({ quietHours })).mentions).toBe(false);
    const copy = { userId: REP, dueAt: morning };
    const later = { mentions: false, copy, wanted: true, quietUntil: morning };
    expect(await asked({ alerts: 'direct', quietHours })).toEqual(later);
    const away = { from: now, until: morning };
    const silent = { mentions: false, copy: null, wanted: false };
    expect(await asked({ alerts: 'direct', away })).toMatchObject(silent);
  });

  it('to the rep who has it now, and not twice to one whom a colleague gave it', async () => {
    await leads.assign(leadId, { rep: OTHER });
    expect(await asked({ alerts: 'direct' })).toMatchObject({ copy: null, wanted: false });
    expect((await render().renderDirect(leadId, REP))?.text).toContain('Tier A');
    expect(JSON.stringify(await render().renderDirect(leadId, REP))).toContain('Routed to Otto');

    const given = await database.db
      .insertInto('assignments')
      .values({
        ...{ lead_id: leadId, team: 'growth', channel_id: 'leads-growth', rep_user_id: REP },
        ...{ routing_rule: 'r', because: 'b', assigned_at: now, assigned_by: OTHER },
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const update = database.db.updateTable('leads').set({ assignment_id: given.id });
    await update.where('id', '=', leadId).execute();
    expect((await asked({ alerts: 'direct' })).copy).toBeNull();
  });
});
