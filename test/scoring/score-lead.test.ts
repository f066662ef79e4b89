import { describe, expect, it } from 'vitest';
import type { Assessment } from '../../src/scoring/assessment.ts';
import { scoreLead } from '../../src/scoring/score-lead.ts';
import { compileFiles } from '../support/compile-files.ts';
import { sampleSnapshot, seedFiles } from '../support/seed-rules.ts';
import { watchCpu } from '../support/watch-cpu.ts';

const NOW = new Date('2026-06-03T10:00:00.000Z');
const EMPTY = { rules: [] };

interface Files {
  fit?: object;
  intent?: object;
  disqualify?: object;
}

/** Sample rules on the seed model: caps 60 and 40, A from 70 (intent 15), B from 50, C from 25. */
function rules({ fit = EMPTY, intent = EMPTY, disqualify = {} }: Files) {
  return compileFiles({
    'model.yml': seedFiles()['model.yml'] ?? '',
    'routing.yml': seedFiles()['routing.yml'] ?? '',
    'fit.yml': JSON.stringify(fit),
    'intent.yml': JSON.stringify(intent),
    'disqualify.yml': JSON.stringify(disqualify),
  });
}

const rule = (id: string, when: string, points: number, more = {}) => ({
  id,
  axis: 'fit',
  when,
  points,
  ...more,
});
const ago = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString();
const line = (assessment: Assessment, kind: string) =>
  assessment.reasons.filter((one) => one.kind === kind);

describe('points', () => {
  it('decay by half-lives and say so', () => {
    const pricing = {
      id: 'intent.pricing',
      axis: 'intent',
      when: 'signals.has("pricing_viewed")',
      points: 15,
      decay: { since: 'signals.last("pricing_viewed")', half_life: '14d' },
    };
    const ruleset = rules({ intent: { rules: [pricing] } });
    const at = (days: number) =>
      scoreLead(
        ruleset,
        sampleSnapshot({}, [{ kind: 'pricing_viewed', occurredAt: ago(days) }]),
        NOW,
      );
    expect([0, 12, 14, 28, 400].map((days) => at(days).points)).toEqual([15, 8, 8, 4, 0]);
    expect(line(at(12), 'decay')).toMatchObject([
      { points: -7, text: '12 days old, half-life 14 days: 8 of 15 left' },
    ]);
    expect(at(-3).points).toBe(0);
  });

  it.each([
    ['1h', 50, '50 minutes old, half-life 1 hour: 11 of 20 left'],
    ['1h', 114, '1 hour 54 minutes old, half-life 1 hour: 5 of 20 left'],
    ['36h', 70 * 60, '2 days 22 hours old, half-life 36 hours: 5 of 20 left'],
    ['60h', 70 * 60, '2 days 22 hours old, half-life 2 days 12 hours: 9 of 20 left'],
    ['14d', 70 * 60, '2 days old, half-life 14 days: 17 of 20 left'],
  ])(
    'say how old in units that a half-life of %s can be reckoned with: %i minutes',
    (half, minutes, text) => {
      const decay = { since: 'signals.last("pricing_viewed")', half_life: half };
      const ruleset = rules({ fit: { rules: [rule('a', 'true', 20, { decay })] } });
      const seen = { kind: 'pricing_viewed', occurredAt: ago(minutes / 1440) };
      const assessment = scoreLead(ruleset, sampleSnapshot({}, [seen]), NOW);
      expect(line(assessment, 'decay')).toMatchObject([{ text }]);
    },
  );

  it('count the first, the largest or the capped sum of a group', () => {
    const groups = [
      { id: 'one', pick: 'first' },
      { id: 'two', pick: 'max' },
      { id: 'three', pick: 'sum', cap: 12 },
    ];
    const inGroup = (id: string, group: string, points: number) =>
      rule(id, 'true', points, { group });
    const ruleset = rules({
      fit: {
        groups,
        rules: [
          inGroup('a', 'one', 3),
          inGroup('b', 'one', 20),
          inGroup('c', 'two', 4),
          inGroup('d', 'two', 7),
          inGroup('e', 'three', 10),
          inGroup('f', 'three', 9),
        ],
      },
    });
    const assessment = scoreLead(ruleset, sampleSnapshot(), NOW);
    expect(assessment.points).toBe(3 + 7 + 12);
    expect(line(assessment, 'rule').map((one) => one.ruleId)).toEqual(['a', 'c', 'd', 'e', 'f']);
    expect(line(assessment, 'group').map((one) => [one.ruleId, one.points])).toEqual([
      ['three', -7],
      ['two', -4],
    ]);
  });

  it('stop at the cap of an axis and at 0', () => {
    const high = rules({ fit: { rules: [rule('a', 'true', 50), rule('b', 'true', 20)] } });
    expect(scoreLead(high, sampleSnapshot(), NOW)).toMatchObject({ points: 60, fitPoints: 60 });
    expect(line(scoreLead(high, sampleSnapshot(), NOW), 'cap')).toMatchObject([{ points: -10 }]);
    const low = rules({ fit: { rules: [rule('a', 'true', -30)] } });
    expect(line(scoreLead(low, sampleSnapshot(), NOW), 'clamp')).toMatchObject([{ points: 30 }]);
  });

  it('take what is certain whatever the missing value is', () => {
    const ruleset = rules({
      fit: {
        groups: [{ id: 'size', pick: 'first' }],
        rules: [
          rule('large', 'company.employees >= 100', 20, { group: 'size' }),
          rule('small', 'company.employees < 100', 5, { group: 'size' }),
        ],
      },
    });
    const assessment = scoreLead(ruleset, sampleSnapshot(), NOW);
    expect(assessment).toMatchObject({ points: 5, range: { min: 5, max: 20, approximate: false } });
    expect(line(assessment, 'certain')).toMatchObject([{ points: 5 }]);
    expect(assessment.missing).toEqual([
      { from: 'employees', label: 'company size', min: 0, max: 15 },
    ]);
  });

  it('complete fields of one raw value together', () => {
    const ruleset = rules({
      fit: {
        rules: [
          rule('a', 'lead.seniority == "vp" && lead.function == "sales"', 10),
          rule('b', 'lead.seniority != "vp"', 4),
        ],
      },
    });
    const assessment = scoreLead(ruleset, sampleSnapshot(), NOW);
    expect(assessment).toMatchObject({ points: 0, range: { min: 0, max: 10, approximate: false } });
    expect(assessment.missing).toMatchObject([{ from: 'title', min: 0, max: 10 }]);
  });

  it('end on the day that a rule expires', () => {
    const ruleset = rules({ fit: { rules: [rule('a', 'true', 10, { expires: '2026-06-03' })] } });
    const before = new Date('2026-06-02T23:59:59.999Z');
    expect(scoreLead(ruleset, sampleSnapshot(), before).points).toBe(10);
    expect(scoreLead(ruleset, sampleSnapshot(), NOW).points).toBe(0);
  });

  it('leave out rules that are switched off', () => {
    const ruleset = rules({ fit: { rules: [rule('a', 'true', 10, { enabled: false })] } });
    expect(scoreLead(ruleset, sampleSnapshot(), NOW)).toMatchObject({ points: 0, reasons: [] });
  });
});

describe('an unknown', () => {
  it('gives no points and a line that says what is missing', () => {
    const ruleset = rules({ fit: { rules: [rule('a', 'lead.country == "DE"', 10)] } });
    const assessment = scoreLead(ruleset, sampleSnapshot(), NOW);
    expect(line(assessment, 'unknown')).toEqual([
      {
        kind: 'unknown',
        ruleId: 'a',
        axis: 'fit',
        points: 0,
        fields: [{ name: 'lead.country', value: null }],
        text: 'country unknown, could be +10',
      },
    ]);
  });

  it('is a signal kind that no source is declared to send; a declared one that never came is zero', () => {
    const ruleset = rules({
      fit: { rules: [rule('a', 'signals.count("pricing_viewed") == 0', 10)] },
    });
    expect(scoreLead(ruleset, sampleSnapshot(), NOW).points).toBe(10);
    const undeclared = { ...sampleSnapshot(), declaredSignals: [] };
    expect(scoreLead(ruleset, undeclared, NOW)).toMatchObject({
      points: 0,
      range: { min: 0, max: 10, approximate: false },
      missing: [
        { from: 'signal:pricing_viewed', label: 'pricing viewed signals', min: 0, max: 10 },
      ],
    });
  });

  it.each([
    ['company.employees > 5', { 'company.employees': '7' }],
    ['company.employees > 5', { 'company.employees': 7.5 }],
    ['company.employees > 5', { 'company.employees': 2 ** 60 }],
    ['100 / company.employees > 5', { 'company.employees': 0 }],
    ['lead.topics[3] == "demo"', { 'lead.topics': ['demo'] }],
  ])('is %s of %o', (when, fields) => {
    const ruleset = rules({ fit: { rules: [rule('a', when, 10)] } });
    const assessment = scoreLead(ruleset, sampleSnapshot(fields), NOW);
    expect(assessment.reasons).toMatchObject([{ kind: 'unknown', points: 0 }]);
  });

  it('is not told of a rule that its "first" group no longer asks', () => {
    const groups = [{ id: 'one', pick: 'first' }];
    const later = rule('later', 'lead.country == "DE"', 10, { group: 'one' });
    const ruleset = rules({
      fit: { groups, rules: [rule('a', 'true', 5, { group: 'one' }), later] },
    });
    expect(scoreLead(ruleset, sampleSnapshot(), NOW)).toMatchObject({
      points: 5,
      range: { min: 5, max: 5 },
      reasons: [{ ruleId: 'a' }],
      missing: [],
    });
  });

  it('that is certain all the same moves no more points than it must', () => {
    const yes = 'lead.has_phone';
    const ruleset = rules({
      fit: { rules: [rule('a', yes, 10), rule('b', `!${yes}`, 4)] },
      intent: {
        rules: [
          { id: 'c', axis: 'intent', when: yes, points: 4 },
          { id: 'd', axis: 'intent', when: `!${yes}`, points: 10 },
        ],
      },
    });
    const assessment = scoreLead(ruleset, sampleSnapshot(), NOW);
    expect(assessment).toMatchObject({ points: 14, fitPoints: 4, intentPoints: 10 });
    expect(line(assessment, 'certain').map((one) => one.points)).toEqual([4, 10]);
  });

  it('that takes away all the same is taken to the nearer bound', () => {
    const ruleset = rules({
      fit: {
        rules: [
          rule('a', 'true', 20),
          rule('b', 'lead.has_phone', -8),
          rule('c', '!lead.has_phone', -3),
        ],
      },
    });
    expect(scoreLead(ruleset, sampleSnapshot(), NOW)).toMatchObject({
      points: 17,
      range: { min: 12, max: 17, approximate: false },
      missing: [{ from: 'phone', min: -5, max: 0 }],
    });
  });

  it('start of a decay leaves the points anywhere between none and all', () => {
    const decay = { since: 'signals.last("pricing_viewed")', half_life: '14d' };
    const groups = [{ id: 'one', pick: 'first' }];
    const dated = rule('a', 'true', 20, { group: 'one', decay });
    const ruleset = rules({
      fit: { groups, rules: [dated, rule('b', 'true', 5, { group: 'one' })] },
    });
    expect(scoreLead(ruleset, { ...sampleSnapshot(), declaredSignals: [] }, NOW)).toMatchObject({
      points: 5,
      range: { min: 0, max: 20, approximate: true },
    });
  });

  it('marks the range approximate where no list of values can settle it, and stays sound', () => {
    const ruleset = rules({ fit: { rules: [rule('a', 'company.employees * 2 > 100', 10)] } });
    const { range, possibleTiers } = scoreLead(ruleset, sampleSnapshot(), NOW);
    expect(range).toEqual({ min: 0, max: 10, approximate: true });
    expect(possibleTiers).toEqual(['D']);
  });

  it('marks the range approximate where rules count one kind over several time spans', () => {
    const rulesOfGhost = [
      rule('a', 'signals.count("ghost", days(7)) >= 1', 10),
      rule('b', 'signals.count("ghost", days(30)) >= 1', -5),
      rule('c', 'lead.has_phone', 40),
    ];
    const ruleset = rules({ fit: { rules: rulesOfGhost } });
    // A signal of the last week is one of the last month: 50 cannot be, and is not said to be.
    expect(scoreLead(ruleset, sampleSnapshot({ 'lead.has_phone': true }), NOW)).toMatchObject({
      points: 40,
      range: { min: 35, max: 50, approximate: true },
    });
  });

  it('has() is known either way', () => {
    const ruleset = rules({ fit: { rules: [rule('a', '!has(lead.country)', 10)] } });
    expect(scoreLead(ruleset, sampleSnapshot(), NOW)).toMatchObject({
      points: 10,
      range: { min: 10, max: 10, approximate: false },
    });
  });
});

describe('a tier', () => {
  const points = (fit: number, intent: number) =>
    rules({
      fit: { rules: [rule('a', 'true', fit)] },
      intent: { rules: [{ id: 'b', axis: 'intent', when: 'true', points: intent }] },
    });

  it.each([
    [60, 20, 'A'],
    [60, 14, 'B'],
    [40, 10, 'B'],
    [25, 0, 'C'],
    [24, 0, 'D'],
  ])('of fit %i and intent %i is %s', (fit, intent, tier) => {
    expect(scoreLead(points(fit, intent), sampleSnapshot(), NOW).tier).toBe(tier);
  });

  it('is held by floors and ceilings; a ceiling wins', () => {
    const floor = { id: 'floor.x', when: 'has(lead.country)', tier: 'B', why: 'Known' };
    const ceiling = { id: 'ceiling.x', when: 'lead.country == "XX"', tier: 'C', why: 'Far' };
    const ruleset = rules({ disqualify: { floors: [floor], ceilings: [ceiling] } });
    const here = scoreLead(ruleset, sampleSnapshot({ 'lead.country': 'DE' }), NOW);
    expect(here).toMatchObject({ tier: 'B', points: 0, possibleTiers: ['B'] });
    expect(line(here, 'tier')).toMatchObject([{ points: 0, text: 'Known: at least tier B' }]);
    const far = scoreLead(ruleset, sampleSnapshot({ 'lead.country': 'XX' }), NOW);
    expect(far.tier).toBe('C');
  });

  it('is D with a code after a hard stop; an unknown stop is only possible', () => {
    const stop = { id: 'stop.x', code: 'competitor', when: 'company.domain == "rival.example"' };
    const ruleset = rules({ disqualify: { stops: [stop] } });
    const rival = scoreLead(ruleset, sampleSnapshot({ 'company.domain': 'rival.example' }), NOW);
    expect(rival).toMatchObject({
      tier: 'D',
      disqualified: { ruleId: 'stop.x', code: 'competitor' },
    });
    const unknown = scoreLead(ruleset, sampleSnapshot(), NOW);
    expect(unknown).toMatchObject({ disqualified: null, possibleStops: ['competitor'] });
    const other = scoreLead(ruleset, sampleSnapshot({ 'company.domain': 'acme.example' }), NOW);
    expect(other).toMatchObject({ disqualified: null, possibleStops: [] });
  });
});

describe('scoring is bounded', () => {
  it('with hundreds of rules and nothing known', () => {
    const many = Array.from({ length: 400 }, (_, index) =>
      rule(
        `r${index}`,
        `company.employees > ${index} && lead.country != "C${index % 40}" || "demo" in lead.topics`,
        (index % 7) - 2,
      ),
    );
    const ruleset = rules({ fit: { rules: many } });
    const spentMs = watchCpu();
    const { range } = scoreLead(ruleset, sampleSnapshot(), NOW);
    expect(spentMs()).toBeLessThan(2000);
    expect(range).toMatchObject({ min: 0, max: 60 });
  });
});
