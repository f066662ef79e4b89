import { afterAll, beforeAll, expect, it } from 'vitest';
import { printRanking } from '../../demo/print-ranking.ts';
import { NOW, sampleReason } from '../support/fake-lead-views.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { storedLeads, storeRuleset } from '../support/stored-leads.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await storeRuleset(database.db);
});
afterAll(() => database.drop());

it('explains each lead that it lists, the first ones in full, and counts the rest', async () => {
  const stored = storedLeads(database.db);
  const floor = { kind: 'tier', points: 0, text: 'Named account: at least tier B' } as const;
  for (let n = 0; n < 12; n += 1) {
    const reasons = [sampleReason({ text: `Sample reason ${n}` })];
    if (n === 9) reasons.push(sampleReason(floor));
    await stored.lead({ points: 60 - n, reasons });
  }
  const printed: string[] = [];
  await printRanking(
    {
      db: database.db,
      clock: { now: () => NOW },
      channels: async () => ['leads-growth', 'leads-empty'],
    },
    (text) => printed.push(text),
  );
  const lines = printed.join('').split('\n');
  const leads = lines.flatMap((line, index) => (/^ +\d+\. B/.test(line) ? [index] : []));
  expect(leads).toHaveLength(10);
  expect(
    lines.filter((line) => line.trim() === 'total' || /\d+ {2}total$/.test(line)),
  ).toHaveLength(3);
  expect(leads.slice(3).map((index) => lines[index + 1]?.trim())).toEqual([
    ...[3, 4, 5, 6, 7, 8].map((n) => `+20  Sample reason ${n}`),
    'Named account: at least tier B',
  ]);
  expect(lines.join('\n')).toContain('and 2 more');
  expect(lines.join('\n')).toContain('in full under Why');
  expect(lines.join('\n')).not.toContain('leads-empty');
});
