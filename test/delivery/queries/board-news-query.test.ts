import { afterAll, beforeAll, expect, it } from 'vitest';
import { withBoardNews } from '../../../src/delivery/queries/board-news-query.ts';
import { leadRowsByIds } from '../../../src/delivery/queries/board-query.ts';
import type { Tier } from '../../../src/scoring/assessment.ts';
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

type Score = readonly [tier: Tier, points: number, shownMinutesAgo: number | null];

/** What a board says of a lead that had these scores, the last one now, each shown so long ago or never. */
async function newsOf(first: Score, ...later: Score[]) {
  const shownAt = (ago: number | null) => (ago === null ? null : minutesFrom(NOW, -ago));
  const [tier, points, ago] = first;
  const leadId = await stored.lead({ tier, points, shownAt: shownAt(ago) });
  for (const [nextTier, nextPoints, nextAgo] of later) {
    await stored.score(leadId, { tier: nextTier, points: nextPoints });
    const { assessment_id: assessmentId } = await database.db
      .selectFrom('leads')
      .select('assessment_id')
      .where('id', '=', leadId)
      .executeTakeFirstOrThrow();
    const at = shownAt(nextAgo);
    if (at === null || assessmentId === null) continue;
    await database.db
      .insertInto('deliveries')
      .values({
        ...{ lead_id: leadId, assessment_id: assessmentId, surface: 'board' },
        ...{ channel_id: 'C0BOARD', revision: 2, confirmed_at: at },
      })
      .execute();
  }
  const rows = await leadRowsByIds(database.db, [leadId], () => null);
  const [row] = await withBoardNews(database.db, rows, NOW);
  return row?.news ?? null;
}

it.each([
  ['never shown', [['A', 80, null]], { kind: 'new' }],
  ['shown ten minutes ago', [['A', 80, 10]], { kind: 'new' }],
  ['shown twenty minutes ago', [['A', 80, 20]], null],
  [
    'another tier since',
    [
      ['B', 58, 90],
      ['A', 71, null],
    ],
    { kind: 'was', tier: 'B', points: 58 },
  ],
  [
    'other points within the tier',
    [
      ['A', 71, 20],
      ['A', 77, 5],
    ],
    { kind: 'was', tier: 'A', points: 71 },
  ],
  [
    'what time took away is no news',
    [
      ['A', 74, 90],
      ['A', 71, 1],
    ],
    null,
  ],
  [
    'against what stood an hour ago, not before',
    [
      ['C', 30, 300],
      ['A', 72, 90],
      ['A', 71, 10],
    ],
    null,
  ],
  [
    'there and back within the hour',
    [
      ['A', 72, 90],
      ['C', 30, 40],
      ['A', 71, 10],
    ],
    null,
  ],
  [
    'changed more than an hour ago',
    [
      ['C', 30, 300],
      ['A', 72, 61],
    ],
    null,
  ],
] as const)('%s', async (_name, scores, expected) => {
  const [first, ...later] = scores;
  expect(await newsOf(first, ...later)).toEqual(expected);
});
