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
      "Tier C: 30 points, between 30 and 80 (fit 30, intent 0)
         +25  1,200 employees: enterprise
         +15  Decides: vp
         -10  Free mail address
        ----
          30  total
      Missing, and what it could change:
        message topics (0 to +30)
        job function (0 to +10)
        country (0 to +5)
        industry (0 to +5)
        company domain
        e-mail domain
        Possible tiers: A, B, C
        Could be disqualified: competitor, job_seeker, student, vendor"
    `);
  });

  it('reads well in a CRM field', () => {
    expect(presentCrmText(assessment, 160)).toMatchInlineSnapshot(`
      "Tier C, 30 points, between 30 and 80, rules v7
      +25 1,200 employees: enterprise
      +15 Decides: vp
      -10 Free mail address
      Total 30"
    `);
  });

  it('names the strongest line for and against', () => {
    expect(strongestFor(assessment)).toMatchObject({
      points: 25,
      ruleId: 'fit.company-size.enterprise',
    });
    expect(strongestAgainst(assessment)).toMatchObject({ points: -10, ruleId: 'fit.email.free' });
  });
});
