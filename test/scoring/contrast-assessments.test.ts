import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Assessment } from '../../src/scoring/assessment.ts';
import { contrastAssessments, contrastText } from '../../src/scoring/contrast-assessments.ts';
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
import { edited } from '../support/told-problems.ts';

const pack = arbitraryPack(fc.oneof(simpleAtom, oddAtom)).map((one) =>
  compileFiles(packFiles(one)),
);
const later = fc.integer({ min: 0, max: 40 * 86_400_000 }).map((ms) => new Date(+NOW + ms));
const DAY_MS = 86_400_000;

const seed = compileFiles(seedFiles());
const LEAD = { 'company.employees': 450, 'lead.topics': ['demo'], 'company.domain': 'a.example' };

function scored(fields: object, daysLater = 0, lastSeen: number | null = 0): Assessment {
  const at = lastSeen === null ? [] : [0, 0, 0].map(() => new Date(+NOW + lastSeen * DAY_MS));
  const signals = at.map((time) => ({ kind: 'pricing_viewed', occurredAt: time.toISOString() }));
  const snapshot = { ...sampleSnapshot({ ...LEAD, ...fields }), signals };
  return scoreLead(seed, snapshot, new Date(+NOW + daysLater * DAY_MS));
}

function textOf(before: Assessment, after: Assessment): string | null {
  const contrast = contrastAssessments(before, after);
  return contrast && contrastText(contrast);
}

describe('what changed between two assessments', { timeout: 900_000 }, () => {
  it('sums to the difference, also as printed, whatever changed: lead, time or rules', () => {
    fc.assert(
      fc.property(
        fc.tuple(pack, arbitrarySnapshot(2)),
        fc.tuple(fc.option(pack), arbitrarySnapshot(2), later),
        fc.integer({ min: 1, max: 5 }),
        ([rules, snapshot], [otherRules, otherSnapshot, time], most) => {
          const before = scoreLead(rules, snapshot, NOW);
          const after = scoreLead(otherRules ?? rules, otherSnapshot, time);
          const contrast = contrastAssessments(before, after);
          const points = (contrast?.changes ?? []).map((change) => change.points);
          const sum = points.reduce((all, one) => all + one, 0);
          expect(sum).toBe(after.points - before.points);
          if (contrast === null) {
            expect(after.tier).toBe(before.tier);
            return;
          }
          expect(contrast).toMatchObject({ tier: before.tier, points: before.points });
          // Points stand at the beginning of a part; a value in its text may have a sign as well.
          const parts = contrastText(contrast, { most })
            .replace(/^Was [A-D] \d+:? ?/, '')
            .split('; ');
          const shown = parts.reduce(
            (all, part) => all + Number(/^[+-]\d+(?= )/.exec(part)?.[0] ?? 0),
            0,
          );
          expect(shown).toBe(after.points - before.points);
        },
      ),
      propertyEffort(100, 3_000),
    );
  });

  it('is nothing between two alike', () => {
    fc.assert(
      fc.property(pack, arbitrarySnapshot(2), (rules, snapshot) => {
        const one = scoreLead(rules, snapshot, NOW);
        expect(contrastAssessments(one, scoreLead(rules, snapshot, NOW))).toBeNull();
      }),
      propertyEffort(30, 300),
    );
  });

  it('names what came, what went and what grew old', () => {
    const first = scored({}, 0, null);
    const looked = scored({});
    expect(textOf(first, looked)).toBe('Was C 40: +15 Viewed pricing 3 times in a month');
    expect(textOf(looked, scored({}, 14))).toBe(
      'Was B 55: -7 Viewed pricing 3 times in a month (longer ago)',
    );
    expect(textOf(scored({}, 14), scored({}, 15, 15))).toBe(
      'Was C 48: +7 Viewed pricing 3 times in a month (more recent)',
    );
    expect(textOf(looked, scored({ 'lead.topics': [] }, 40))).toBe(
      'Was B 55: -20 no longer: Asked for a demo; -15 no longer: Viewed pricing 3 times in a month',
    );
  });

  it('tells old from new of a rule that takes away', () => {
    const rules = compileFiles({
      ...seedFiles(),
      ...edited('intent.yml', 'points: 15\n    decay', 'points: -15\n    decay'),
    });
    const looked = (daysAgo: number) => {
      const occurredAt = new Date(+NOW - daysAgo * DAY_MS).toISOString();
      const signals = [1, 2, 3].map(() => ({ kind: 'pricing_viewed', occurredAt }));
      return scoreLead(rules, sampleSnapshot({ 'lead.topics': ['demo'] }, signals), NOW);
    };
    expect(textOf(looked(0), looked(14))).toMatch(/: \+7 Viewed pricing .* \(longer ago\)$/);
    expect(textOf(looked(14), looked(0))).toMatch(/: -7 Viewed pricing .* \(more recent\)$/);
  });

  it('keeps two numbers apart, and says what a rule gives that gave something else', () => {
    const given = (points: number): Assessment => {
      const { reasons, ...rest } = scored({ 'company.employees': 450 }, 0, null);
      const changed = reasons.map((each) =>
        each.text.startsWith('450 employees') ? { ...each, points } : each,
      );
      return { ...rest, reasons: changed };
    };
    expect(textOf(given(25), given(5))).toMatch(
      /^Was C \d+: -20 for 450 employees, our sweet spot \(5 instead of 25\)$/,
    );
  });

  it('names a floor or a stop that moved the tier without a point', () => {
    expect(
      textOf(scored({}, 0, null), scored({ 'company.domain': 'contoso.example' }, 0, null)),
    ).toBe('Was C 40: Named account: at least tier B');
    expect(textOf(scored({}), scored({ 'company.domain': 'rival.example' }))).toBe(
      'Was B 55: Disqualified: Works for a competitor',
    );
    expect(textOf(scored({ 'company.domain': 'rival.example' }), scored({}))).toBe(
      'Was D 55: no longer: Disqualified: Works for a competitor',
    );
  });

  it('folds what is beyond a few changes into one part', () => {
    const changes = [9, -5, 3, 2].map((points) => ({ points, text: `r${points}` }));
    expect(contrastText({ tier: 'C', points: 30, changes }, { most: 2 })).toBe(
      'Was C 30: +9 r9; -5 r-5; +5 by 2 more',
    );
    expect(contrastText({ tier: 'C', points: 30, changes: [] })).toBe('Was C 30');
  });
});
