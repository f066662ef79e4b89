import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRuleset, type RuleFiles } from '../../src/scoring/compile-ruleset.ts';
import type { FeatureSnapshot } from '../../src/scoring/features.ts';
import { scoreKnown } from '../../src/scoring/score-known.ts';
import { scoreLead } from '../../src/scoring/score-lead.ts';
import {
  arbitraryPack,
  arbitrarySnapshot,
  NOW,
  oddAtom,
  packFiles,
  simpleAtom,
} from '../support/arbitrary-rules.ts';
import { oddValue, withSentences } from '../support/arbitrary-whys.ts';
import { propertyEffort } from '../support/effort.ts';
import { seedFiles } from '../support/seed-rules.ts';

const anyAtom = fc.oneof({ weight: 3, arbitrary: simpleAtom }, { weight: 1, arbitrary: oddAtom });
const oddSnapshot = fc
  .tuple(arbitrarySnapshot(3), fc.dictionary(fc.constantFrom(...fieldNames()), oddValue))
  .map(([snapshot, odd]) => ({ ...snapshot, fields: { ...snapshot.fields, ...odd } }));
const severalLeads = fc.array(oddSnapshot as fc.Arbitrary<FeatureSnapshot>, {
  minLength: 5,
  maxLength: 5,
});

function fieldNames(): string[] {
  return ['lead.country', 'lead.topics', 'company.employees', 'lead.email_domain', '__proto__'];
}

function compileWith(files: RuleFiles, engine: 'generated' | 'closures') {
  const result = compileRuleset(files, { version: 7, hash: 'sample-hash' }, { engine });
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.ruleset;
}

describe('generated code', { timeout: 900_000 }, () => {
  it('gives the same assessments as closures, byte by byte', () => {
    fc.assert(
      fc.property(withSentences(arbitraryPack(anyAtom)), severalLeads, (pack, snapshots) => {
        const files = packFiles(pack);
        const generated = compileWith(files, 'generated');
        const closures = compileWith(files, 'closures');
        for (const snapshot of snapshots) {
          const one = scoreLead(generated, snapshot, NOW);
          const other = scoreLead(closures, snapshot, NOW);
          expect(JSON.stringify(one)).toBe(JSON.stringify(other));
          expect(generated.judge.judgeLead(snapshot, NOW)).toEqual(
            closures.judge.judgeLead(snapshot, NOW),
          );
          expect(scoreKnown(generated, snapshot, NOW)).toEqual(scoreKnown(closures, snapshot, NOW));
        }
      }),
      propertyEffort(60, 1_500),
    );
  });

  it('judges the seed rules as closures do', () => {
    const generated = compileWith(seedFiles(), 'generated');
    const closures = compileWith(seedFiles(), 'closures');
    fc.assert(
      fc.property(oddSnapshot as fc.Arbitrary<FeatureSnapshot>, (snapshot) => {
        expect(scoreLead(generated, snapshot, NOW)).toEqual(scoreLead(closures, snapshot, NOW));
      }),
      propertyEffort(100, 5_000),
    );
  });
});
