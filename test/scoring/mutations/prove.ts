import fc from 'fast-check';
import { arbitrarySnapshot } from '../../support/arbitrary-rules.ts';
import { proveCel } from '../../support/cel-proof.ts';
import { richPack } from '../../support/rich-packs.ts';
import { PROOFS, RANGE, runProof } from '../../support/score-proofs.ts';

/* Runs in a copy of the sources with a bug planted: prints the proof that caught it, or "survived". */

const seed = Number(process.argv[2]);
const numRuns = Number(process.argv[3]);
const leads = fc.array(arbitrarySnapshot(3), { minLength: 20, maxLength: 20 });

process.stdout.write(`${firstFailure() ?? 'survived'}\n`);

function firstFailure(): string | null {
  // The dearest, which catches most, comes last.
  const { [RANGE]: range, ...others } = PROOFS;
  const ordered = { 'cel-js agrees': proveCel, ...others, ...(range && { [RANGE]: range }) };
  for (const [name, proof] of Object.entries(ordered)) {
    try {
      runProof(proof, richPack, leads, { numRuns, seed, endOnFailure: true });
    } catch {
      return name;
    }
  }
  return null;
}
