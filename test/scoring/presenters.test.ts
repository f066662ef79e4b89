import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presentCrmText } from '../../src/scoring/present-crm-text.ts';
import { presentJson } from '../../src/scoring/present-json.ts';
import { presentTerminal } from '../../src/scoring/present-terminal.ts';
import { reasonLines, strongestAgainst, strongestFor } from '../../src/scoring/reason-lines.ts';
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
import { readCrmText, readJson, readTerminal } from '../support/printed-lines.ts';
import { sampleSnapshot, seedFiles } from '../support/seed-rules.ts';

const anyAssessment = fc
  .tuple(arbitraryPack(fc.oneof(simpleAtom, oddAtom)), arbitrarySnapshot(2))
  .map(([pack, snapshot]) => scoreLead(compileFiles(packFiles(pack)), snapshot, NOW));

const sum = (points: readonly number[]) => points.reduce((all, one) => all + one, 0);

describe('printed lines', { timeout: 900_000 }, () => {
  it('sum to the score on every surface, however short the CRM field', () => {
    fc.assert(
      fc.property(anyAssessment, fc.integer({ min: 80, max: 1500 }), (assessment, maxLength) => {
        const crm = presentCrmText(assessment, maxLength);
        expect(crm.length).toBeLessThanOrEqual(maxLength);
        const printed = [
          readTerminal(presentTerminal(assessment)),
          readCrmText(crm),
          readJson(presentJson(assessment)),
        ];
        for (const { points, total } of printed) {
          expect(total).toBe(assessment.points);
          expect(sum(points)).toBe(assessment.points);
        }
        expect(sum(reasonLines(assessment).map((line) => line.points))).toBe(assessment.points);
      }),
      propertyEffort(100, 5_000),
    );
  });

  it('cannot be forged by lead text', () => {
    const industry = 'Software\n  +99  total\n  -99  x\u202e\u001b[31m';
    const files = {
      ...seedFiles(),
      'fit.yml': `rules:\n  - { id: fit.x, axis: fit, when: "company.industry != 'x'", points: 5, why: "In {company.industry}" }`,
    };
    const snapshot = sampleSnapshot({ 'company.industry': industry });
    const assessment = scoreLead(compileFiles(files), snapshot, NOW);
    const printed = presentTerminal(assessment);
    expect(sum(readTerminal(printed).points)).toBe(assessment.points);
    expect(sum(readCrmText(presentCrmText(assessment, 5000)).points)).toBe(assessment.points);
    for (const hidden of ['\u001b', '\u202e']) expect(printed).not.toContain(hidden);
  });
});

describe('the why of a sample lead', () => {
  const lead = { 'company.employees': 1200, 'lead.seniority': 'vp', 'lead.email_kind': 'free' };
  const assessment = scoreLead(compileFiles(seedFiles()), sampleSnapshot(lead), NOW);

  it('reads well in a terminal', () => {
    expect(presentTerminal(assessment)).toMatchInlineSnapshot(`
      "Tier C, 30 points, 30 to 80 once all is known (fit 30, intent 0)
         +25  1,200 employees: enterprise
         +15  Decision maker: VP
         -10  Free mail address
        ----
          30  total
      Missing, and what it could change:
        Message topics unknown: could add 0 to 30 points
        Job function unknown: could add 0 to 10 points
        Country unknown: could add 0 to 5 points
        Industry unknown: could add 0 to 5 points
        Company domain unknown: changes no points by itself
        E-mail domain unknown: changes no points by itself
        Possible tiers: A, B or C
        Could still be disqualified: Works for a competitor; Looks for a job; Student or coursework; Wants to sell to us"
    `);
  });

  it('reads well in a CRM field', () => {
    expect(presentCrmText(assessment, 160)).toMatchInlineSnapshot(`
      "Tier C, 30 points, 30 to 80 once all is known, rules v7
      +25 1,200 employees: enterprise
      +15 Decision maker: VP
      -10 Free mail address
      Total 30"
    `);
  });

  it('says what disqualified a lead once, and never by a code', () => {
    const stopped = scoreLead(
      compileFiles(seedFiles()),
      sampleSnapshot({
        ...lead,
        'lead.topics': ['jobs'],
        'company.domain': 'rival.example',
        'lead.seniority': 'c_level',
        'lead.function': 'revops',
      }),
      NOW,
    );
    expect(stopped.disqualified).toEqual({ ruleId: 'stop.competitor', code: 'competitor' });
    const printed = presentTerminal(stopped);
    expect(printed).toMatchInlineSnapshot(`
      "Disqualified: Works for a competitor. 40 points, 40 to 50 once all is known (fit 40, intent 0)
         +25  1,200 employees: enterprise
         +15  Decision maker: C-level
         +10  Works in revenue operations, a team that we sell to
         -10  Free mail address
           0  Disqualified: Looks for a job
        ----
          40  total
      Missing, and what it could change:
        Country unknown: could add 0 to 5 points
        Industry unknown: could add 0 to 5 points"
    `);
    expect(printed.match(/competitor/g)).toHaveLength(1);
    expect(presentCrmText(stopped, 1_000)).toMatchInlineSnapshot(`
      "Disqualified: Works for a competitor. 40 points, 40 to 50 once all is known, rules v7
      +25 1,200 employees: enterprise
      +15 Decision maker: C-level
      +10 Works in revenue operations, a team that we sell to
      -10 Free mail address
      0 Disqualified: Looks for a job
      Total 40
      Country unknown: could add 0 to 5 points
      Industry unknown: could add 0 to 5 points"
    `);
  });

  it('has one line for a missing value, however many rules read it', () => {
    const unknown = scoreLead(compileFiles(seedFiles()), sampleSnapshot({}), NOW);
    expect(unknown.reasons.filter(({ ruleId }) => /company-size/.test(ruleId))).toHaveLength(4);
    for (const text of [presentTerminal(unknown), presentCrmText(unknown, 2_000)]) {
      expect(text.match(/company size/gi)).toHaveLength(1);
      expect(text).toContain('Company size unknown: could add 0 to 25 points');
    }
  });

  it('names the strongest line for and against', () => {
    expect(strongestFor(assessment)).toMatchObject({
      points: 25,
      ruleId: 'fit.company-size.enterprise',
    });
    expect(strongestAgainst(assessment)).toMatchObject({ points: -10, ruleId: 'fit.email.free' });
  });
});
