import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resultHash } from '../../src/records/assessments.ts';
import type { FeatureSnapshot } from '../../src/scoring/features.ts';
import { nextChangeAt } from '../../src/scoring/next-change.ts';
import { scoreLead } from '../../src/scoring/score-lead.ts';
import {
  arbitraryPack,
  arbitrarySnapshot,
  NOW,
  oddAtom,
  packFiles,
  simpleAtom,
} from '../support/arbitrary-rules.ts';
import { compileFiles } from '../support/compile-files.ts';
import { propertyEffort } from '../support/effort.ts';
import { sampleSnapshot, seedFiles } from '../support/seed-rules.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (days: number) => new Date(NOW.getTime() + days * DAY);
const seedRules = compileFiles(seedFiles());

function nextDay(snapshot: FeatureSnapshot, rules = seedRules, now = NOW): number | null {
  const next = nextChangeAt(rules, snapshot, now);
  return next === null ? null : (next.getTime() - NOW.getTime()) / DAY;
}

function signals(kind: string, ...days: number[]): FeatureSnapshot['signals'] {
  return days.map((day) => ({ kind, occurredAt: at(day).toISOString() }));
}

describe('the time at which time alone changes a score', () => {
  it('is never, where nothing depends on it', () => {
    const lead = { 'company.employees': 450, 'lead.topics': ['demo'] };
    expect(nextDay(sampleSnapshot(lead))).toBeNull();
    expect(nextDay(sampleSnapshot(lead, signals('docs_viewed', -1)))).toBeNull();
    expect(nextDay(sampleSnapshot(lead, signals('trial_started', -31)))).toBeNull();
  });

  it('is when the next point has decayed, until no point is left', () => {
    const lead = sampleSnapshot({}, signals('trial_started', -3));
    const first = nextChangeAt(seedRules, lead, NOW);
    const pointsAt = (time: number) => scoreLead(seedRules, lead, new Date(time)).points;
    const time = first?.getTime() ?? Number.NaN;
    expect(pointsAt(time - 10)).toBe(pointsAt(NOW.getTime()));
    expect(pointsAt(time)).toBe(pointsAt(NOW.getTime()) - 1);
  });

  it('is when a signal leaves its window, or one dated ahead begins to count', () => {
    const attended = sampleSnapshot({}, signals('event_attended', -50));
    expect(nextDay(attended)).toBeCloseTo(10, 5);
    expect(nextDay(attended, seedRules, at(10.001))).toBeNull();
    expect(nextDay(sampleSnapshot({}, signals('event_attended', 2)))).toBeCloseTo(2, 5);
  });

  it('is when a rule expires, and when a condition compares with now', () => {
    const rule = (more: object) =>
      compileFiles({
        ...seedFiles(),
        'fit.yml': JSON.stringify({ rules: [{ id: 'fit.x', axis: 'fit', points: 5, ...more }] }),
        'fit.test.yml': 'tests: []',
      });
    const expiring = rule({ when: 'lead.has_phone', expires: '2026-06-10' });
    expect(nextDay(sampleSnapshot({ 'lead.has_phone': true }), expiring)).toBeGreaterThan(6);
    const timed = rule({ when: 'now - signals.last("docs_viewed") < days(1)' });
    const lead = sampleSnapshot({}, signals('docs_viewed', -0.5));
    expect(nextDay(lead, timed)).toBeCloseTo(0.5, 5);
    // Nothing in sight: looked at again after two days.
    expect(nextDay(sampleSnapshot({}), timed)).toBe(2);
  });
});

describe('before that time', () => {
  const anyAtom = fc.oneof(simpleAtom, oddAtom);
  const later = fc.double({ min: 0, max: 1, noNaN: true });

  it('the same lead has the same score, lines and range', { timeout: 900_000 }, () => {
    let compared = 0;
    fc.assert(
      fc.property(
        arbitraryPack(anyAtom),
        manyLeads(),
        later,
        fc.boolean(),
        (pack, leads, part, expires) => {
          const rules = pack.rules.map((rule) =>
            expires ? { ...rule, expires: '2026-06-20' } : rule,
          );
          const ruleset = compileFiles(packFiles({ ...pack, rules }));
          for (const lead of leads) {
            const next = nextChangeAt(ruleset, lead, NOW)?.getTime() ?? at(400).getTime();
            // A decay of an hour and a comparison with now may wait for an hour.
            const span = next - HOUR - NOW.getTime();
            if (span <= 0) continue;
            const time = new Date(NOW.getTime() + Math.floor(part * span));
            expect(resultHash(scoreLead(ruleset, lead, time))).toBe(
              resultHash(scoreLead(ruleset, lead, NOW)),
            );
            compared++;
          }
        },
      ),
      propertyEffort(80, 3_000),
    );
    expect(compared).toBeGreaterThan(100);
  });
});

function manyLeads() {
  return fc.array(arbitrarySnapshot(2), { minLength: 5, maxLength: 5 });
}
