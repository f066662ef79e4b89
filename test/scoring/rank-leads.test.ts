import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TIERS } from '../../src/scoring/assessment.ts';
import { type RankedItem, rankLeads } from '../../src/scoring/rank-leads.ts';
import { propertyEffort } from '../support/effort.ts';

const NOW = new Date('2026-06-03T10:00:00.000Z');
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);

function item(id: string, more: Partial<RankedItem> = {}): RankedItem {
  return { id, effectiveTier: 'B', slaDueAt: null, points: 50, receivedAt: NOW, ...more };
}

it('ranks by tier, then by what is due within 15 minutes, points, received, id', () => {
  const items = [
    item('low', { effectiveTier: 'D', points: 99 }),
    item('b2'),
    item('b1'),
    item('earlier', { receivedAt: minutes(-60) }),
    item('strong', { points: 60 }),
    item('later-due', { slaDueAt: minutes(16), points: 70 }),
    item('due', { slaDueAt: minutes(15), points: 10 }),
    item('breached', { slaDueAt: minutes(-90), points: 20 }),
    item('top', { effectiveTier: 'A', points: 1 }),
  ];
  const ranked = rankLeads(items, NOW).map((one) => one.id);
  expect(ranked).toEqual([
    'top',
    'breached',
    'due',
    'later-due',
    'strong',
    'earlier',
    'b1',
    'b2',
    'low',
  ]);
});

it('gives one order whatever the order it is given, and leaves its argument alone', () => {
  const anyItem = fc.record({
    id: fc.string({ maxLength: 3 }),
    effectiveTier: fc.constantFrom(...TIERS),
    slaDueAt: fc.option(fc.integer({ min: -100, max: 100 }).map(minutes)),
    points: fc.integer({ min: 0, max: 3 }),
    receivedAt: fc.integer({ min: -3, max: 0 }).map(minutes),
  });
  const items = fc.uniqueArray(anyItem, { selector: (one) => one.id });
  fc.assert(
    fc.property(items, (some) => {
      const before = [...some];
      const ranked = rankLeads(some, NOW);
      expect(some).toEqual(before);
      expect(rankLeads([...some].reverse(), NOW)).toEqual(ranked);
      expect(rankLeads(ranked, NOW)).toEqual(ranked);
    }),
    propertyEffort(200, 5_000),
  );
});
