import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Assessment,
  Assessment as AssessmentSchema,
  TIERS,
} from '../../src/scoring/assessment.ts';
import type { FeatureSnapshot } from '../../src/scoring/features.ts';
import { scoreLead } from '../../src/scoring/score-lead.ts';
import {
  type ArbitraryPack,
  arbitraryPack,
  arbitrarySnapshot,
  condition,
  NOW,
  oddAtom,
  packFiles,
  simpleAtom,
  spanAtom,
} from '../support/arbitrary-rules.ts';
import { compileFiles } from '../support/compile-files.ts';
import { allCompletions, choices, freezePresence } from '../support/completions.ts';
import { propertyEffort } from '../support/effort.ts';

const anyAtom = fc.oneof({ weight: 3, arbitrary: simpleAtom }, { weight: 1, arbitrary: oddAtom });
const anyLead = fc.tuple(arbitraryPack(anyAtom), arbitrarySnapshot(3));

const severalLeads = fc.array(arbitrarySnapshot(3), { minLength: 5, maxLength: 5 });

function sumOf(assessment: Assessment, axis?: string): number {
  return assessment.reasons
    .filter((reason) => axis === undefined || reason.axis === axis)
    .reduce((sum, reason) => sum + reason.points, 0);
}

const withoutStops = (pack: ArbitraryPack): ArbitraryPack => ({ ...pack, stops: [] });

function proveRange([anyPack, snapshot]: [ArbitraryPack, FeatureSnapshot]): void {
  const pack = withoutStops(anyPack);
  const open = choices(pack, snapshot);
  fc.pre(open.reduce((product, one) => product * one.values.length, 1) <= 800);
  const assessment = scoreLead(compileFiles(packFiles(pack)), snapshot, NOW);
  const ruleset = compileFiles(packFiles(pack, { rename: freezePresence(snapshot) }));
  const scores = [...allCompletions(snapshot, open)].map((one) => scoreLead(ruleset, one, NOW));
  const points = scores.map((score) => score.points);
  const range = { min: Math.min(...points), max: Math.max(...points) };
  const tiers = TIERS.filter((tier) => scores.some((score) => score.tier === tier));
  for (const score of scores) expect(score.range.min).toBe(score.range.max);
  if (assessment.range.approximate) {
    expect(assessment.range.min).toBeLessThanOrEqual(range.min);
    expect(assessment.range.max).toBeGreaterThanOrEqual(range.max);
    expect(assessment.possibleTiers).toEqual(expect.arrayContaining(tiers));
  } else {
    expect(assessment.range).toEqual({ ...range, approximate: false });
    const all = new Set([...tiers, assessment.tier]);
    expect(assessment.possibleTiers).toEqual(TIERS.filter((tier) => all.has(tier)));
  }
}

// The long run compiles thousands of rule packs.
const TIMEOUT = { timeout: 900_000 };

describe('a score', TIMEOUT, () => {
  it('is the sum of its reasons, per axis too, inside its range and its caps', () => {
    fc.assert(
      fc.property(arbitraryPack(anyAtom), severalLeads, (pack, snapshots) => {
        const ruleset = compileFiles(packFiles(pack));
        for (const snapshot of snapshots) {
          const assessment = scoreLead(ruleset, snapshot, NOW);
          expect(AssessmentSchema.safeParse(assessment).error).toBeUndefined();
          expect(sumOf(assessment)).toBe(assessment.points);
          expect(sumOf(assessment, 'fit')).toBe(assessment.fitPoints);
          expect(sumOf(assessment, 'intent')).toBe(assessment.intentPoints);
          expect(assessment.fitPoints + assessment.intentPoints).toBe(assessment.points);
          const { min, max } = assessment.range;
          expect(assessment.points).toBeGreaterThanOrEqual(min);
          expect(assessment.points).toBeLessThanOrEqual(max);
          expect(min).toBeGreaterThanOrEqual(0);
          expect(max).toBeLessThanOrEqual(pack.caps.fit + pack.caps.intent);
          expect(assessment.possibleTiers).toContain(assessment.tier);
        }
      }),
      propertyEffort(40, 1_000),
    );
  });

  it.each([
    ['anything', anyLead],
    // The counts of one kind depend on each other, whatever rules ask for them.
    ['one kind of signal', fc.tuple(arbitraryPack(spanAtom), arbitrarySnapshot(3))],
  ])(
    'has a range that holds every completion, and is exactly theirs where it says so: of %s',
    (_of, lead) => {
      fc.assert(fc.property(lead, proveRange), propertyEffort(60, 1_000));
    },
  );

  it('says exact for leads whose rules ask plain questions', () => {
    fc.assert(
      fc.property(arbitraryPack(simpleAtom), arbitrarySnapshot(3), (pack, snapshot) => {
        fc.pre(!JSON.stringify(pack).includes('gone'));
        const assessment = scoreLead(compileFiles(packFiles(pack)), snapshot, NOW);
        expect(assessment.range.approximate).toBe(false);
      }),
      propertyEffort(40, 1_000),
    );
  });

  it('names every hard stop that a completion could fire', () => {
    fc.assert(
      fc.property(anyLead, ([anyPack, snapshot]) => {
        const pack = { ...anyPack, rules: anyPack.rules.slice(0, 1), floors: [], ceilings: [] };
        const open = choices(pack, snapshot);
        fc.pre(open.reduce((product, one) => product * one.values.length, 1) <= 800);
        const assessment = scoreLead(compileFiles(packFiles(pack)), snapshot, NOW);
        const ruleset = compileFiles(packFiles(pack, { rename: freezePresence(snapshot) }));
        const stopped = [...allCompletions(snapshot, open)].filter(
          (one) => scoreLead(ruleset, one, NOW).disqualified !== null,
        );
        const count = [...allCompletions(snapshot, open)].length;
        if (assessment.disqualified !== null) expect(stopped.length).toBe(count);
        else if (stopped.length > 0) expect(assessment.possibleStops).toEqual(['other']);
      }),
      propertyEffort(40, 1_000),
    );
  });

  it('does not depend on the order of rules outside "first" groups', () => {
    fc.assert(
      fc.property(anyLead, ([anyPack, snapshot]) => {
        const rules = anyPack.rules.map((rule) =>
          rule.group === 'first' ? { ...rule, group: null } : rule,
        );
        const pack = { ...anyPack, rules };
        const one = scoreLead(compileFiles(packFiles(pack)), snapshot, NOW);
        const other = scoreLead(compileFiles(packFiles(pack, { shuffle: true })), snapshot, NOW);
        expect(JSON.stringify(other)).toBe(JSON.stringify(one));
      }),
      propertyEffort(40, 1_000),
    );
  });

  it('never falls when a positive rule that matches is added', () => {
    const added = fc.record({
      axis: fc.constantFrom('fit' as const, 'intent' as const),
      group: fc.constantFrom('max' as const, 'sum' as const, null),
      when: fc.constantFrom('true', '1 < 2'),
      points: fc.integer({ min: 1, max: 40 }),
      decay: fc.constantFrom('seen' as const, null),
    });
    fc.assert(
      fc.property(anyLead, added, ([pack, snapshot], rule) => {
        const before = scoreLead(compileFiles(packFiles(pack)), snapshot, NOW);
        const more = { ...pack, rules: [...pack.rules, rule] };
        const after = scoreLead(compileFiles(packFiles(more)), snapshot, NOW);
        expect(after.points).toBeGreaterThanOrEqual(before.points);
        expect(after.range.min).toBeGreaterThanOrEqual(before.range.min);
        expect(after.range.max).toBeGreaterThanOrEqual(before.range.max);
      }),
      propertyEffort(60, 1_000),
    );
  });

  it('gives the same bytes again, also after the snapshot went through the database', () => {
    fc.assert(
      fc.property(anyLead, ([pack, snapshot]) => {
        const files = packFiles(pack);
        const one = JSON.stringify(scoreLead(compileFiles(files), snapshot, NOW));
        const stored = JSON.parse(JSON.stringify(snapshot));
        expect(JSON.stringify(scoreLead(compileFiles(files), stored, NOW))).toBe(one);
      }),
      propertyEffort(50, 1_000),
    );
  });

  it('never throws, whatever the snapshot holds', () => {
    const odd = fc.oneof(
      fc.anything(),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e308, -0, 2 ** 60, '__proto__', ''),
    );
    const fields = fc.dictionary(
      fc.oneof(
        fc.constantFrom(
          '__proto__',
          'constructor',
          'company.employees',
          'lead.topics',
          'lead.country',
        ),
        fc.string(),
      ),
      odd,
    );
    const times = fc.constantFrom('1900-01-01T00:00:00Z', '3000-01-01T00:00:00Z', 'yesterday', '');
    const snapshots = fc.record({
      fields: fc.oneof(fields, odd),
      signals: fc.oneof(
        fc.array(fc.oneof(odd, fc.record({ kind: fc.constant('seen'), occurredAt: times }))),
        odd,
      ),
      declaredSignals: fc.oneof(fc.constant(['seen', '__proto__']), odd),
    });
    const nows = fc.constantFrom(
      NOW,
      new Date('1900-01-01T00:00:00Z'),
      new Date('3000-01-01T00:00:00Z'),
      new Date(Number.NaN),
    );
    fc.assert(
      fc.property(arbitraryPack(anyAtom), snapshots, nows, (pack, snapshot, now) => {
        const assessment = scoreLead(compileFiles(packFiles(pack)), snapshot as never, now);
        expect(sumOf(assessment)).toBe(assessment.points);
        expect(AssessmentSchema.safeParse(assessment).error).toBeUndefined();
      }),
      propertyEffort(60, 2_000),
    );
  });
});

it('conditions of the generator compile', () => {
  fc.assert(
    fc.property(condition(anyAtom), (when) => {
      const rule = { axis: 'fit' as const, group: null, when, points: 5, decay: null };
      const caps = { fit: 60, intent: 40 };
      compileFiles(
        packFiles({ rules: [rule], stops: [], floors: [], ceilings: [], caps, axisFloors: false }),
      );
    }),
    propertyEffort(50, 500),
  );
});
