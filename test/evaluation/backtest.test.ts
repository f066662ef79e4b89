import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBacktest, type PastLead } from '../../src/evaluation/backtest.ts';
import {
  addScore,
  aucOf,
  createHistogram,
  topShareOf,
} from '../../src/evaluation/score-histogram.ts';
import { propertyEffort } from '../support/effort.ts';

const Scored = fc.record({ points: fc.integer({ min: 0, max: 100 }), won: fc.boolean() });

function histogramOf(leads: readonly { points: number; won: boolean }[]) {
  const histogram = createHistogram();
  for (const { points, won } of leads) addScore(histogram, points, won);
  return histogram;
}

function past(changes: Partial<PastLead>): PastLead {
  const lead = {
    points: 50,
    stopped: false,
    converted: false,
    fired: [],
    unknown: [],
    period: null,
  };
  return { tier: 'B', ...lead, ...changes };
}

describe('ranking quality from counts by score', () => {
  it('AUC is the share of pairs in which the one that converted scored higher, ties half', () => {
    fc.assert(
      fc.property(fc.array(Scored, { minLength: 4, maxLength: 40 }), (leads) => {
        const won = leads.filter((lead) => lead.won);
        const lost = leads.filter((lead) => !lead.won);
        const auc = aucOf(histogramOf(leads));
        if (won.length < 2 || lost.length < 2) {
          expect(auc).toBeNull();
          return;
        }
        const pairs = won.flatMap((one) =>
          lost.map(
            (other): number =>
              Number(one.points > other.points) + Number(one.points === other.points) / 2,
          ),
        );
        const share = pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length;
        expect(auc?.value).toBeCloseTo(share, 10);
        expect(auc?.low).toBeLessThanOrEqual(share + 1e-9);
        expect(auc?.high).toBeGreaterThanOrEqual(share - 1e-9);
      }),
      propertyEffort(200, 5_000),
    );
  });

  it('the interval of DeLong for a worked case', () => {
    // Positives 1, 3, 4 and negatives 0, 2: placements 1/2, 1, 1 and 1, 2/3.
    const leads = [1, 3, 4].map((points) => ({ points, won: true }));
    leads.push(...[0, 2].map((points) => ({ points, won: false })));
    const auc = aucOf(histogramOf(leads));
    expect(auc?.value).toBeCloseTo(5 / 6, 10);
    const spread = 1.959963984540054 * Math.sqrt(1 / 12 / 3 + 1 / 18 / 2);
    expect(auc?.low).toBeCloseTo(5 / 6 - spread, 10);
    expect(auc?.high).toBe(1);
  });

  it('the top of the ranking draws ties by lot', () => {
    const leads = [
      { points: 90, won: true },
      ...Array.from({ length: 9 }, (_, index) => ({ points: 40, won: index < 3 })),
    ];
    expect(topShareOf(histogramOf(leads), 0.1)).toMatchObject({ n: 1, hits: 1, lift: 2.5 });
    const four = topShareOf(histogramOf(leads), 0.4);
    expect(four?.hits).toBeCloseTo(1 + 3 * (3 / 9), 10);
    expect(topShareOf(histogramOf(leads), 1)).toMatchObject({ n: 10, lift: 1, recall: 1 });
    expect(topShareOf(createHistogram(), 0.1)).toBeNull();
  });
});

describe('a backtest', () => {
  it('counts rules, tiers and periods, and withholds rates of few leads', () => {
    const backtest = createBacktest(['fit.a', 'fit.b']);
    for (let lead = 0; lead < 20; lead += 1) {
      const converted = lead < 5;
      const period = lead < 10 ? '2026-01' : '2026-02';
      const tier = lead < 12 ? 'A' : 'B';
      backtest.add(
        past({ converted, period, tier, fired: lead < 12 ? ['fit.a'] : [], unknown: ['fit.b'] }),
      );
    }
    const result = backtest.result();
    expect(result).toMatchObject({ n: 20, conversion: { hits: 5, n: 20, rate: 0.25 } });
    expect(result.tiers.A).toMatchObject({ hits: 5, n: 12 });
    expect(result.tiers.B).toMatchObject({ n: 8, rate: null });
    expect(result.rules[0]).toMatchObject({
      ruleId: 'fit.a',
      fired: 12,
      unknown: 0,
      whenFired: { hits: 5 },
    });
    expect(result.rules[1]).toMatchObject({
      fired: 0,
      unknown: 20,
      otherwise: { n: 0, rate: null },
    });
    expect(result.periods.map(({ period, conversion }) => [period, conversion.hits])).toEqual([
      ['2026-01', 5],
      ['2026-02', 0],
    ]);
  });

  it('says where a lower tier converts better', () => {
    const backtest = createBacktest([]);
    for (let lead = 0; lead < 10; lead += 1) {
      backtest.add(past({ tier: 'A', converted: lead < 2 }));
      backtest.add(past({ tier: 'B', converted: lead < 1 }));
      // Too few in C to say anything: B is compared with D.
      if (lead < 3) backtest.add(past({ tier: 'C', converted: true }));
      backtest.add(past({ tier: 'D', converted: lead < 5 }));
    }
    expect(backtest.result().outOfOrder).toEqual([{ better: 'B', worse: 'D' }]);
    expect(backtest.result().sameRate).toEqual([]);
    expect(createBacktest([]).result().outOfOrder).toBeNull();
  });

  it('says where neighbouring tiers convert the same', () => {
    const backtest = createBacktest([]);
    for (let lead = 0; lead < 10; lead += 1) {
      backtest.add(past({ tier: 'A', converted: lead < 2 }));
      backtest.add(past({ tier: 'C', converted: lead < 2 }));
      backtest.add(past({ tier: 'D' }));
    }
    expect(backtest.result()).toMatchObject({
      outOfOrder: [],
      sameRate: [{ better: 'A', worse: 'C' }],
    });
  });

  it('ranks as the board does: by tier, then points, stopped leads last', () => {
    const backtest = createBacktest([]);
    for (let lead = 0; lead < 10; lead += 1) {
      backtest.add(past({ tier: 'A', points: 40, converted: true }));
      backtest.add(past({ tier: 'B', points: 60 }));
      backtest.add(past({ tier: 'D', points: 90, stopped: true }));
      backtest.add(past({ tier: 'D', points: 5 }));
    }
    const result = backtest.result();
    expect(result.auc?.value).toBe(1);
    expect(result.stopped).toMatchObject({ n: 10, hits: 0 });
    expect(result.histogram.negatives[90]).toBe(10);
  });
});
