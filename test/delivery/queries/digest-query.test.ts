import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readDigest } from '../../../src/delivery/queries/digest-query.ts';
import { TEST_LEAD_SOURCE } from '../../../src/lead/test-lead.ts';
import { minutesFrom, NOW } from '../../support/fake-lead-views.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { type StoredLeads, storedLeads, storeRuleset } from '../../support/stored-leads.ts';

let database: TestDatabase;
let stored: StoredLeads;

beforeAll(async () => {
  database = await createTestDatabase();
  await storeRuleset(database.db);
  stored = storedLeads(database.db);
  await stored.member('U0ME', 'Me Sample');
  await stored.member('U0OTHER', 'Other Sample');
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.deleteFrom('outcomes').execute();
});

/** The digest of a day later, whose last one was now. */
async function outcomes() {
  const options = { db: database.db, teams: [], crmUrl: () => null };
  const digest = await readDigest(options, 'U0ME', NOW, minutesFrom(NOW, 24 * 60));
  return digest.outcomes.map((each) => Object.values(each).join(' '));
}
const said = (leadId: string, kind: 'contacted' | 'won' | 'lost', minutes: number) =>
  stored.outcome(leadId, kind, minutesFrom(NOW, minutes));

describe('what came of my overrides', () => {
  it('is told of all of them, the newest first', async () => {
    const told: string[] = [];
    for (let minutes = 1; minutes <= 7; minutes += 1) {
      const lead = await stored.lead({ tier: 'C' });
      await stored.decide(lead, 'U0ME', 'overridden', { toTier: 'A' });
      await said(lead, 'lost', minutes);
      told.unshift(`${await stored.shortId(lead)} C A lost`);
    }
    expect(await outcomes()).toEqual(told);
  });

  it('says what the rules said, not what an earlier override made of it', async () => {
    const lead = await stored.lead({ tier: 'C' });
    await stored.decide(lead, 'U0ME', 'overridden', { toTier: 'B' });
    await stored.decide(lead, 'U0ME', 'overridden', { toTier: 'A' });
    await said(lead, 'lost', 10);
    await said(lead, 'won', 20);
    expect(await outcomes()).toEqual([`${await stored.shortId(lead)} C A won`]);
  });

  it('leaves out what is no news of theirs: undone, by others, old, a first touch, a test lead', async () => {
    const told = async (lead: string, by = 'U0ME') => {
      const decision = await stored.decide(lead, by, 'overridden', { toTier: 'A' });
      await said(lead, 'won', 10);
      return decision;
    };
    const undone = await stored.lead();
    await stored.decide(undone, 'U0ME', 'undone', { undoes: await told(undone) });
    await told(await stored.lead(), 'U0OTHER');
    await told(await stored.lead({ source: TEST_LEAD_SOURCE }));
    const before = await stored.lead();
    await stored.decide(before, 'U0ME', 'overridden', { toTier: 'A' });
    await said(before, 'won', -10);
    const touched = await stored.lead();
    await stored.decide(touched, 'U0ME', 'disqualified');
    await said(touched, 'contacted', 10);
    expect(await outcomes()).toEqual([]);
  });
});
