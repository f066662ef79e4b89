import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conservation } from '../../src/evaluation/conservation.ts';
import {
  type JudgedAssessment,
  overrideRate,
  overrideRateByRule,
  overrideRateByTier,
} from '../../src/evaluation/override-rates.ts';
import { proportion, wilsonInterval } from '../../src/evaluation/proportion.ts';
import { quantile } from '../../src/evaluation/quantile.ts';

describe('wilsonInterval', () => {
  // Reference values: Newcombe 1998, Statistics in Medicine 17, table I (method 3).
  it.each([
    { hits: 81, n: 263, low: 0.2553, high: 0.3662 },
    { hits: 15, n: 148, low: 0.0624, high: 0.1605 },
    { hits: 0, n: 20, low: 0, high: 0.1611 },
    { hits: 1, n: 29, low: 0.0061, high: 0.1718 },
  ])('matches the published interval of $hits of $n', ({ hits, n, low, high }) => {
    const interval = wilsonInterval(hits, n);

    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('holds the rate and stays within 0 and 1', () => {
    const counts = fc
      .tuple(fc.nat(500), fc.integer({ min: 1, max: 500 }))
      .filter(([hits, n]) => hits <= n);
    fc.assert(
      fc.property(counts, ([hits, n]) => {
        const { low, high } = wilsonInterval(hits, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(hits / n);
        expect(high).toBeGreaterThanOrEqual(hits / n);
      }),
    );
  });
});

describe('proportion', () => {
  it('withholds the rate below the minimum n and keeps the counts', () => {
    expect(proportion(2, 9, 10)).toEqual({ hits: 2, n: 9, rate: null, low: null, high: null });
    expect(proportion(2, 10, 10).rate).toBe(0.2);
  });
});

function judged(
  id: string,
  overridden: boolean,
  firedRules: string[],
  blamedRules: string[] = [],
): JudgedAssessment {
  return { assessmentId: id, tier: overridden ? 'A' : 'B', overridden, firedRules, blamedRules };
}

describe('override rates', () => {
  const decisions = [
    judged('1', true, ['fit.size', 'intent.demo'], ['fit.size']),
    judged('2', true, ['fit.size'], ['fit.size']),
    judged('3', false, ['fit.size', 'intent.demo']),
    judged('4', false, ['intent.demo']),
  ];

  it('counts overrides over decisions', () => {
    expect(overrideRate(decisions, 1)).toMatchObject({ hits: 2, n: 4, rate: 0.5 });
  });

  it('counts a rule only where it fired, blame apart, the most blamed first', () => {
    const rates = overrideRateByRule(decisions, 1);

    expect(rates.map((rate) => rate.ruleId)).toEqual(['fit.size', 'intent.demo']);
    expect(rates[0]).toMatchObject({ overridden: { hits: 2, n: 3 }, blamed: { hits: 2, n: 3 } });
    expect(rates[1]).toMatchObject({ overridden: { hits: 1, n: 3 }, blamed: { hits: 0, n: 3 } });
  });

  it('splits by the tier that the engine gave', () => {
    const byTier = overrideRateByTier(decisions, 1);

    expect(byTier.find((row) => row.tier === 'A')?.proportion).toMatchObject({ hits: 2, n: 2 });
    expect(byTier.find((row) => row.tier === 'B')?.proportion).toMatchObject({ hits: 0, n: 2 });
    expect(byTier.find((row) => row.tier === 'C')?.proportion.rate).toBeNull();
  });
});

describe('quantile', () => {
  it('takes the nearest rank and leaves its argument alone', () => {
    const values = [30, 10, 20];

    expect(quantile(values, 0.5)).toBe(20);
    expect(quantile(values, 0.9)).toBe(30);
    expect(quantile([], 0.5)).toBeNull();
    expect(values).toEqual([30, 10, 20]);
  });
});

describe('conservation', () => {
  it('is balanced only when every received lead is somewhere', () => {
    const counts = { received: 11, merged: 2, delivered: 6, held: 1, inFlight: 1, tests: 1 };

    expect(conservation(counts).balanced).toBe(true);
    expect(conservation({ ...counts, delivered: 5 }).balanced).toBe(false);
  });
});
