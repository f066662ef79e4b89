import { describe, expect, it } from 'vitest';
import { compileRuleset, type Ruleset } from '../../src/scoring/compile-ruleset.ts';
import type { FeatureSnapshot } from '../../src/scoring/features.ts';
import { scoreLead } from '../../src/scoring/score-lead.ts';
import { NOW, packFiles } from '../support/arbitrary-rules.ts';
import { watchCpu } from '../support/watch-cpu.ts';

/* What no one should write, and what no lead should hold: an error with a place, or unknown; soon, never thrown. */

type Engine = 'generated' | 'closures';

function rules(
  conditions: readonly string[],
  engine: Engine,
  decay: 'seen' | null = null,
): Ruleset {
  const caps = { fit: 60, intent: 40 };
  const some = conditions.map((when) => {
    return { axis: 'fit' as const, group: null, when, points: 5, decay };
  });
  const pack = { rules: some, stops: [], floors: [], ceilings: [], caps, axisFloors: false };
  const identity = { version: 1, hash: 'h' };
  const result = compileRuleset(packFiles(pack), identity, { engine });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.ruleset;
}

function lead(fields: unknown, signals: unknown = []): FeatureSnapshot {
  return { fields, signals, declaredSignals: ['seen'] } as FeatureSnapshot;
}

function outcomes(ruleset: Ruleset, snapshot: FeatureSnapshot): unknown[] {
  scoreLead(ruleset, snapshot, NOW);
  return ruleset.judge.judgeLead(snapshot, NOW).outcomes;
}

function seenAt(...times: string[]) {
  return times.map((occurredAt) => ({ kind: 'seen', occurredAt }));
}

describe.each(['generated', 'closures'] as const)('bad input, judged by %s', (engine) => {
  it('division by zero is unknown', () => {
    const ruleset = rules(
      ['100 / company.employees > 5', 'company.employees % company.employees == 0'],
      engine,
    );
    expect(outcomes(ruleset, lead({ 'company.employees': 0 }))).toEqual([undefined, undefined]);
    expect(outcomes(ruleset, lead({ 'company.employees': 10 }))).toEqual([true, true]);
  });

  it('arithmetic beyond whole numbers that are exact is unknown', () => {
    const ruleset = rules(['company.employees * company.employees > 5'], engine);
    const huge = lead({ 'company.employees': Number.MAX_SAFE_INTEGER });
    expect(outcomes(ruleset, huge)).toEqual([undefined]);
  });

  it('a value of the wrong type is a missing one', () => {
    const ruleset = rules(
      ['company.employees > 5', 'lead.country == "DE"', '"demo" in lead.topics', 'lead.has_phone'],
      engine,
    );
    const names = ['company.employees', 'lead.country', 'lead.topics', 'lead.has_phone'];
    const odd = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 60,
      1.5,
      {},
      [1],
      null,
      undefined,
      -0.5,
    ];
    for (const value of odd) {
      const fields = Object.fromEntries(names.map((name) => [name, value]));
      expect(outcomes(ruleset, lead(fields))).toEqual([undefined, undefined, undefined, undefined]);
    }
  });

  it('what a lead inherits is missing', () => {
    const ruleset = rules(['company.employees > 5', 'lead.country == "DE"'], engine);
    const inherited = { 'company.employees': 50, 'lead.country': 'DE' };
    const unknown = [undefined, undefined];
    expect(outcomes(ruleset, lead(Object.create(inherited)))).toEqual(unknown);
    expect(
      outcomes(ruleset, lead(JSON.parse(`{"__proto__":${JSON.stringify(inherited)}}`))),
    ).toEqual(unknown);
    expect(outcomes(ruleset, lead({ constructor: inherited, prototype: inherited }))).toEqual(
      unknown,
    );
    class Lead {
      'lead.country' = 'DE';
    }
    expect(outcomes(ruleset, lead(new Lead()))).toEqual([undefined, true]);
  });

  it('a lead that is none at all is one of which nothing is known', () => {
    const ruleset = rules(['company.employees > 5', 'signals.has("seen")'], engine);
    for (const odd of [null, undefined, 5, 'x', [], {}]) {
      expect(outcomes(ruleset, odd as never)).toEqual([undefined, undefined]);
    }
  });

  it('a signal of 1900 is old, one of 3000 has not happened', () => {
    const ruleset = rules(['signals.count("seen") == 1', 'signals.has("seen", days(7))'], engine);
    const signals = seenAt('1900-01-01T00:00:00.000Z', '3000-01-01T00:00:00.000Z', 'yesterday');
    expect(outcomes(ruleset, lead({}, signals))).toEqual([true, false]);
    const decaying = rules(['true'], engine, 'seen');
    expect(scoreLead(decaying, lead({}, signals), NOW).points).toBe(0);
  });

  it('a text that makes other engines backtrack takes no time', () => {
    const ruleset = rules(['lead.country.matches("^(a+)+$")'], engine);
    const spentMs = watchCpu();
    expect(outcomes(ruleset, lead({ 'lead.country': `${'a'.repeat(50_000)}!` }))).toEqual([false]);
    expect(spentMs()).toBeLessThan(5_000);
  });

  it('a list too long to be meant is missing; a long one is gone through once', () => {
    const ruleset = rules(['lead.topics.all(t, t != "jobs")', 'size(lead.topics) > 5'], engine);
    const list = (length: number) => lead({ 'lead.topics': Array(length).fill('demo') });
    expect(outcomes(ruleset, list(1_000))).toEqual([true, true]);
    expect(outcomes(ruleset, list(1_000_000))).toEqual([undefined, undefined]);
  });
});

describe('rule files that are too much', () => {
  const files = (fit: string) => ({
    ...packFiles({
      rules: [],
      stops: [],
      floors: [],
      ceilings: [],
      caps: { fit: 60, intent: 40 },
      axisFloors: false,
    }),
    'fit.yml': fit,
  });
  const problemsOf = (fit: string) => {
    const result = compileRuleset(files(fit), { version: 1, hash: 'h' });
    return result.ok ? [] : result.problems;
  };

  it('ten thousand rules are answered with a problem or compiled, soon', {
    timeout: 60_000,
  }, () => {
    const rule = (index: number) =>
      `  - { id: fit.r${index}, axis: fit, when: company.employees > ${index}, points: 1 }`;
    const text = `rules:\n${Array.from({ length: 10_000 }, (_, index) => rule(index)).join('\n')}\n`;
    const spentMs = watchCpu();
    const [problem] = problemsOf(text);
    expect(spentMs()).toBeLessThan(30_000);
    expect(problem?.file).toBe('fit.yml');
    expect(problem?.message).toMatch(/rules|large|long|most/i);
  });

  it('aliases that multiply are refused before they do', () => {
    const levels = Array.from(
      { length: 12 },
      (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]`,
    );
    const spentMs = watchCpu();
    const problems = problemsOf(`a0: &a0 x\n${levels.join('\n')}\nrules: *a12\n`);
    expect(spentMs()).toBeLessThan(5_000);
    expect(problems[0]).toMatchObject({ file: 'fit.yml', line: 1 });
  });
});
