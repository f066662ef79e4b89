import { afterAll, beforeAll, expect, it } from 'vitest';
import { countHotWith } from '../../../src/delivery/queries/hot-count-query.ts';
import { enqueueEffect } from '../../../src/platform/outbox.ts';
import { minutesFrom, NOW } from '../../support/fake-lead-views.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { type StoredLeads, storedLeads, storeRuleset } from '../../support/stored-leads.ts';

let database: TestDatabase;
let stored: StoredLeads;

beforeAll(async () => {
  database = await createTestDatabase();
  stored = storedLeads(database.db);
  await storeRuleset(database.db);
});
afterAll(() => database.drop());

async function hotLead(minutes: number, channel = 'leads-growth'): Promise<string> {
  const leadId = await stored.lead({ tier: 'A', channel });
  await database.db.transaction().execute((trx) =>
    enqueueEffect(trx, {
      ...{ key: `hot:${leadId}`, lane: 'slack', kind: 'slack.hot', payload: { leadId } },
      ...{ priority: 1, traceId: 'test', dueAt: NOW, now: minutesFrom(NOW, minutes) },
    }),
  );
  return leadId;
}

it('counts the hot leads of the channel in the ten minutes up to the newest that is listed', async () => {
  for (const minutes of [-30, -11, -4, -3, -2, 5]) await hotLead(minutes);
  await hotLead(-1, 'leads-large');
  const listed = [await hotLead(-1), await hotLead(0)];
  expect(await countHotWith(database.db, listed)).toBe(5);
  expect(await countHotWith(database.db, [])).toBe(0);
});
