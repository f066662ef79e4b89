import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitrarySnapshot } from '../support/arbitrary-rules.ts';
import { proveCel } from '../support/cel-proof.ts';
import { effort, propertyEffort } from '../support/effort.ts';
import { richPack } from '../support/rich-packs.ts';
import { ScoreMix } from '../support/score-mix.ts';
import { PROOFS, type Proof, RANGE, runProof } from '../support/score-proofs.ts';

/* 100,000 pairs of rules and leads in the long run: 2,500 packs with 40 leads each. */

const leads = fc.array(arbitrarySnapshot(3), { minLength: 40, maxLength: 40 });
const parameters = propertyEffort(25, 2_500);
/** Drawn once for all proofs: to draw them takes as long as most proofs. */
const drawn = fc.sample(fc.tuple(richPack, leads), parameters);

function prove(proof: Proof): void {
  try {
    for (const [pack, some] of drawn) proof(pack, some);
  } catch (error) {
    // Once more, to find a smaller case that fails.
    runProof(proof, richPack, leads, parameters);
    throw error;
  }
}

describe('for random rules and leads', { timeout: 900_000 }, () => {
  it('the mix holds the hard cases', () => {
    const mix = new ScoreMix();
    prove(mix.count);
    process.stdout.write(`scoring proofs: ${mix.words()} (seed ${parameters.seed})\n`);
    expect(mix.pairs).toBeGreaterThanOrEqual(effort(1_000, 100_000));
    // A few packs may miss their share by chance.
    const slack = effort(0.6, 1);
    expect(mix.share('twoMissing')).toBeGreaterThanOrEqual(0.3 * slack);
    for (const hard of ['group', 'cap', 'decay', 'floor'] as const) {
      expect([hard, mix.share(hard) >= 0.2 * slack]).toEqual([hard, true]);
    }
  });

  it.each(Object.entries(PROOFS).filter(([name]) => name !== RANGE))('%s', (_name, proof) => {
    prove(proof);
  });

  it('every condition says what cel-js says, missing fields included', () => {
    prove(proveCel);
  });
});
