import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { type Assessment, TIERS } from '../../src/scoring/assessment.ts';
import { compileRuleset, type RuleFiles, type Ruleset } from '../../src/scoring/compile-ruleset.ts';
import type { FeatureSnapshot } from '../../src/scoring/features.ts';
import { scoreKnown } from '../../src/scoring/score-known.ts';
import { scoreLead } from '../../src/scoring/score-lead.ts';
import { type ArbitraryPack, type ArbitraryRule, NOW, packFiles } from './arbitrary-rules.ts';
import { allCompletions, choices, completed, freezePresence } from './completions.ts';

/*
 * What must hold of any rules and any lead. Each proof gets a pack of rules and leads, and throws when it does
 * not hold: so that the same proofs run on the project and, in score-mutations.test.ts, on planted bugs.
 */

export type Proof = (pack: ArbitraryPack, leads: readonly FeatureSnapshot[]) => void;

export const RANGE = 'the range holds every completion, exactly where it says so';

export const PROOFS: Readonly<Record<string, Proof>> = {
  'reasons sum to the points': proveSums,
  [RANGE]: proveRange,
  'the order of rules does not matter': proveOrder,
  'a positive rule that matches never lowers a score': proveMonotony,
  'the same bytes again': proveBytes,
  'generated code gives what closures give': proveEngines,
};

function compile(files: RuleFiles, engine: 'generated' | 'closures' = 'generated'): Ruleset {
  const result = compileRuleset(files, { version: 7, hash: 'sample-hash' }, { engine });
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.ruleset;
}

function sumOf({ reasons }: Assessment, axis?: string): number {
  return reasons
    .filter((reason) => axis === undefined || reason.axis === axis)
    .reduce((sum, reason) => sum + reason.points, 0);
}

function proveSums(pack: ArbitraryPack, leads: readonly FeatureSnapshot[]): void {
  const ruleset = compile(packFiles(pack));
  for (const lead of leads) {
    const score = scoreLead(ruleset, lead, NOW);
    equal(sumOf(score), score.points);
    equal(sumOf(score, 'fit'), score.fitPoints);
    equal(sumOf(score, 'intent'), score.intentPoints);
    ok(score.fitPoints >= 0 && score.fitPoints <= pack.caps.fit);
    ok(score.intentPoints >= 0 && score.intentPoints <= pack.caps.intent);
    ok(score.points >= score.range.min && score.points <= score.range.max);
    ok(score.possibleTiers.includes(score.tier));
  }
}

/** More completions than this are sampled. */
const MAX_COMPLETIONS = 24;

function proveRange(anyPack: ArbitraryPack, leads: readonly FeatureSnapshot[]): void {
  const pack = { ...anyPack, stops: [] };
  const ruleset = compile(packFiles(pack));
  const readsPresence = JSON.stringify(pack).includes('has(');
  for (const lead of leads) {
    const score = scoreLead(ruleset, lead, NOW);
    const open = choices(pack, lead);
    if (open.length === 0) continue;
    const frozen =
      readsPresence && open.length <= 1
        ? compile(packFiles(pack, { rename: freezePresence(lead) }))
        : ruleset;
    if (readsPresence && frozen === ruleset) continue;
    const count = open.reduce((product, one) => product * one.values.length, 1);
    const isAll = count <= MAX_COMPLETIONS;
    const completions = isAll ? [...allCompletions(lead, open)] : sampled(lead, open);
    compareRange(
      score,
      completions.map((one) => scoreLead(frozen, one, NOW)),
      isAll,
    );
  }
}

function compareRange(score: Assessment, scores: readonly Assessment[], isAll: boolean): void {
  const points = scores.map((one) => one.points);
  const range = { min: Math.min(...points), max: Math.max(...points) };
  const tiers = TIERS.filter((tier) => scores.some((one) => one.tier === tier));
  ok(score.range.min <= range.min && score.range.max >= range.max);
  for (const tier of tiers) ok(score.possibleTiers.includes(tier));
  if (score.range.approximate || !isAll) return;
  deepEqual(score.range, { ...range, approximate: false });
  const all = new Set([...tiers, score.tier]);
  deepEqual(
    score.possibleTiers,
    TIERS.filter((tier) => all.has(tier)),
  );
}

/** A few completions, spread over all of them. */
function sampled(
  lead: FeatureSnapshot,
  open: readonly { name: string; values: unknown[] }[],
): FeatureSnapshot[] {
  return Array.from({ length: 4 }, (_, turn) =>
    completed(
      lead,
      open.map(({ name, values }, index) => ({
        name,
        value: values[(turn * (index + 3) + index) % values.length],
      })),
    ),
  );
}

function proveOrder(anyPack: ArbitraryPack, leads: readonly FeatureSnapshot[]): void {
  const rules = anyPack.rules.map(
    (rule): ArbitraryRule => (rule.group === 'first' ? { ...rule, group: 'max' } : rule),
  );
  const pack = { ...anyPack, rules };
  const one = compile(packFiles(pack));
  const other = compile(packFiles(pack, { shuffle: true }));
  for (const lead of leads) {
    equal(JSON.stringify(scoreLead(other, lead, NOW)), JSON.stringify(scoreLead(one, lead, NOW)));
  }
}

function proveMonotony(pack: ArbitraryPack, leads: readonly FeatureSnapshot[]): void {
  const groups = ['max', 'sum', null] as const;
  const added: ArbitraryRule = {
    axis: pack.rules.length % 2 === 0 ? 'fit' : 'intent',
    group: groups[pack.caps.fit % 3 === 0 ? pack.rules.length % 3 : 1] ?? null,
    when: '1 < 2',
    points: 1 + ((pack.rules.length * 7) % 30),
    decay: pack.axisFloors ? 'seen' : null,
  };
  const before = compile(packFiles(pack));
  const after = compile(packFiles({ ...pack, rules: [...pack.rules, added] }));
  for (const lead of leads) {
    const low = scoreLead(before, lead, NOW);
    const high = scoreLead(after, lead, NOW);
    ok(high.points >= low.points);
    ok(high.range.min >= low.range.min && high.range.max >= low.range.max);
  }
}

function proveBytes(pack: ArbitraryPack, leads: readonly FeatureSnapshot[]): void {
  const files = packFiles(pack);
  const one = compile(files);
  const other = compile(files);
  // In another order, and through the database: nothing may be left over from the lead before.
  const bytes = leads.map((lead) => JSON.stringify(scoreLead(one, lead, NOW)));
  leads.toReversed().forEach((lead, index) => {
    const stored = JSON.parse(JSON.stringify(lead));
    equal(JSON.stringify(scoreLead(other, stored, NOW)), bytes[leads.length - 1 - index]);
  });
}

function proveEngines(pack: ArbitraryPack, leads: readonly FeatureSnapshot[]): void {
  const files = packFiles(pack);
  const generated = compile(files);
  const closures = compile(files, 'closures');
  for (const lead of leads) {
    const one = JSON.stringify(scoreLead(generated, lead, NOW));
    equal(one, JSON.stringify(scoreLead(closures, lead, NOW)));
    deepEqual(scoreKnown(generated, lead, NOW), scoreKnown(closures, lead, NOW));
  }
}

/** Runs one proof over random packs, each with its leads. */
export function runProof(
  proof: Proof,
  packs: fc.Arbitrary<ArbitraryPack>,
  leads: fc.Arbitrary<FeatureSnapshot[]>,
  parameters: { numRuns: number; seed: number; endOnFailure?: boolean },
): void {
  fc.assert(
    fc.property(packs, leads, (pack, some) => proof(pack, some)),
    parameters,
  );
}
