import fc from 'fast-check';
import { it } from 'vitest';
import { arbitrarySnapshot } from '../support/arbitrary-rules.ts';
import { propertyEffort } from '../support/effort.ts';
import { richPack } from '../support/rich-packs.ts';
import { PROOFS, RANGE, runProof } from '../support/score-proofs.ts';

/* A file of its own, so that it runs beside score-proofs.test.ts. The same pairs: 100,000 in the long run. */

const leads = fc.array(arbitrarySnapshot(3), { minLength: 40, maxLength: 40 });

it(RANGE, { timeout: 900_000 }, () => {
  const proof = PROOFS[RANGE];
  if (proof === undefined) throw new Error('no proof of the range');
  runProof(proof, richPack, leads, propertyEffort(25, 2_500));
});
