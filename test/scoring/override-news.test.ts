import { expect, it } from 'vitest';
import { TIERS, type Tier } from '../../src/scoring/assessment.ts';
import { overrideNews } from '../../src/scoring/override-news.ts';

it.each<[Tier, Tier, Tier, ReturnType<typeof overrideNews>]>([
  ['C', 'A', 'A', 'agrees'],
  ['A', 'C', 'A', 'differs'],
  ['B', 'C', 'A', 'differs'],
  ['C', 'B', 'A', null],
  ['C', 'A', 'B', 'differs'],
  ['D', 'A', 'B', 'differs'],
  ['A', 'D', 'D', 'agrees'],
  ['B', 'B', 'A', null],
])('from %s to %s beneath an override to %s: %s', (before, after, override, news) => {
  expect(overrideNews(before, after, override)).toBe(news);
});

it('agrees exactly when it comes to agree, and never speaks where nothing changed', () => {
  for (const override of TIERS) {
    for (const before of TIERS) {
      for (const after of TIERS) {
        const news = overrideNews(before, after, override);
        expect(news === 'agrees').toBe(after === override && before !== override);
        if (before === after) expect(news).toBeNull();
      }
    }
  }
});
