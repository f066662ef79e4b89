import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadQueries } from '../../../src/delivery/ports.ts';
import { createLeadQueries } from '../../../src/delivery/queries/lead-queries.ts';
import { createRulesets } from '../../../src/records/rulesets.ts';
import { minutesFrom, NOW, sampleReason, sampleReasons } from '../../support/fake-lead-views.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { type StoredLeads, storedLeads, storeRuleset } from '../../support/stored-leads.ts';

let database: TestDatabase;
let stored: StoredLeads;
let queries: LeadQueries;

beforeAll(async () => {
  database = await createTestDatabase();
  stored = storedLeads(database.db);
  await storeRuleset(database.db);
  await stored.member('U0ME', 'Mia Muster');
  await stored.member('U0OTHER', 'Otto Other');
  queries = createLeadQueries({
    db: database.db,
    rulesets: createRulesets(database.db),
    clock: { now: () => NOW },
    directory: {
      boardOf: async () => null,
      lookAgain: async () => undefined,
      channelsOf: async () => [],
      resolve: async (channel) => channel,
      teamOf: async (channel) => channel,
    },
    crmUrl: () => null,
  });
});
afterAll(() => database.drop());

describe('why', () => {
  it('lists earlier scores only, the newest first', async () => {
    const leadId = await stored.lead({ points: 50 });
    expect((await queries.why(leadId))?.history).toEqual([]);
    await stored.score(leadId, { points: 70, tier: 'A' });
    await stored.score(leadId, { points: 80, tier: 'A' });
    const history = (await queries.why(leadId))?.history ?? [];
    expect(history.map((each) => each.points)).toEqual([70, 50]);
  });

  it('has the newest of what happened, and how much there is of it', async () => {
    const leadId = await stored.lead();
    await stored.decide(leadId, 'U0OTHER', 'overridden', { toTier: 'A' });
    for (let n = 1; n <= 14; n += 1) {
      await stored.score(leadId, { points: n, tier: 'B' });
      await stored.decide(leadId, 'U0ME', 'accepted');
      await touch(leadId, n);
    }
    const why = await queries.why(leadId);
    expect(why?.counts).toEqual({ history: 14, decisions: 15, touches: 14 });
    expect(why?.touches.slice(0, 2).map(({ campaign }) => campaign)).toEqual([
      'camp-14',
      'camp-13',
    ]);
    expect(why?.history[0]?.points).toBe(13);
    expect((await queries.hotLead(leadId))?.overridden).toEqual({
      ...{ byName: 'Otto Other', toTier: 'A' },
    });
  });

  it('has the note that is for managers, not the one that went with a lead to a colleague', async () => {
    const leadId = await stored.lead();
    for (const kind of ['overridden', 'handed_over'] as const) {
      const decision_id = await stored.decide(leadId, 'U0ME', kind);
      await database.db
        .insertInto('decision_notes')
        .values({ decision_id, note: `note: ${kind}`, created_at: NOW })
        .execute();
    }
    const notes = (await queries.why(leadId))?.decisions.map(({ note }) => note);
    expect(notes).toEqual([null, 'note: overridden']);
  });
});

describe('the line on a row', () => {
  const floor = sampleReason({
    ...{ kind: 'tier', ruleId: 'floor.named-account', axis: null, points: 0, fields: [] },
    text: 'Named account: at least tier B',
  });
  const lineOf = async (leadId: string) => (await queries.why(leadId))?.lead.why;
  const reasons = [...sampleReasons(), floor];

  it('is the strongest rule where the points set the tier', async () => {
    expect(await lineOf(await stored.lead())).toEqual({ points: 25, text: 'Asked for a demo' });
  });

  it('is the floor where that sets the tier', async () => {
    const leadId = await stored.lead({ reasons });
    expect(await lineOf(leadId)).toEqual({ points: 0, text: floor.text });
  });

  it('is the override where that sets the tier, with who did it while it is known', async () => {
    const leadId = await stored.lead({ tier: 'C', reasons });
    const set = database.db.updateTable('leads').set({ override_tier: 'A' });
    await set.where('id', '=', leadId).execute();
    expect(await lineOf(leadId)).toEqual({ points: 0, text: 'A colleague overrode it to A.' });
    const undone = await stored.decide(leadId, 'U0ME', 'overridden');
    await stored.decide(leadId, 'U0ME', 'undone', { undoes: undone });
    expect(await lineOf(leadId)).toEqual({ points: 0, text: 'A colleague overrode it to A.' });
    await stored.decide(leadId, 'U0OTHER', 'overridden');
    expect(await lineOf(leadId)).toEqual({ points: 0, text: 'Otto Other overrode it to A.' });
    await stored.member('U0NEW', 'U0NEW');
    await stored.decide(leadId, 'U0NEW', 'overridden');
    expect(await lineOf(leadId)).toEqual({ points: 0, text: 'A colleague overrode it to A.' });
  });
});

async function touch(leadId: string, minute: number): Promise<void> {
  const received_at = minutesFrom(NOW, minute);
  const { id: inbound_event_id } = await database.db
    .insertInto('inbound_events')
    .values({
      ...{ kind: 'lead', source: 'website', dedupe_key: `${leadId}-${minute}`, raw_body: '{}' },
      ...{ trace_id: 'test', received_at, state: 'processed', result: 'merged', lead_id: leadId },
      ...{ held_reason: null, held_detail: null, processed_at: received_at },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await database.db
    .insertInto('lead_touches')
    .values({
      ...{ lead_id: leadId, inbound_event_id, source: 'website', lead_source: null },
      ...{ campaign: `camp-${minute}`, changed_fields: [] },
      ...{ occurred_at: received_at, received_at },
    })
    .execute();
}
