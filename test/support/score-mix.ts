import { compileRuleset } from '../../src/scoring/compile-ruleset.ts';
import { FIELDS, type FieldName } from '../../src/scoring/features.ts';
import { scoreKnown } from '../../src/scoring/score-known.ts';
import { NOW, packFiles } from './arbitrary-rules.ts';
import { conditionsOf } from './completions.ts';
import type { Proof } from './score-proofs.ts';

/** How many of the tried pairs had what, so that a proof is known to have met the hard cases. */
export class ScoreMix {
  pairs = 0;
  readonly counts = { twoMissing: 0, group: 0, cap: 0, decay: 0, floor: 0 };

  readonly count: Proof = (pack, leads) => {
    const result = compileRuleset(packFiles(pack), { version: 7, hash: 'sample-hash' });
    if (!result.ok) return;
    const { ruleset } = result;
    const groups = new Set(ruleset.groups.map(({ id }) => id));
    const text = conditionsOf(pack).join('\n');
    const read = (Object.keys(FIELDS) as FieldName[]).filter((name) => text.includes(name));
    for (const lead of leads) {
      this.pairs++;
      const { reasons } = scoreKnown(ruleset, lead, NOW);
      const has = (kind: string) => reasons.some((reason) => reason.kind === kind);
      const missing = read.filter((name) => (lead.fields[name] ?? null) === null).length;
      if (missing >= 2) this.counts.twoMissing++;
      if (reasons.some(({ kind, ruleId }) => kind === 'group' && groups.has(ruleId))) {
        this.counts.group++;
      }
      if (has('cap')) this.counts.cap++;
      if (has('decay')) this.counts.decay++;
      if (reasons.some(({ kind, ruleId }) => kind === 'tier' && ruleId.startsWith('floor.'))) {
        this.counts.floor++;
      }
    }
  };

  share(of: keyof ScoreMix['counts']): number {
    return this.counts[of] / this.pairs;
  }

  words(): string {
    const percent = (of: keyof ScoreMix['counts']) => `${Math.round(this.share(of) * 100)} %`;
    return [
      `${this.pairs} pairs`,
      `two or more missing fields that the rules read: ${percent('twoMissing')}`,
      `a group that took something: ${percent('group')}`,
      `a cap: ${percent('cap')}`,
      `decay: ${percent('decay')}`,
      `a floor that lifts the tier: ${percent('floor')}`,
    ].join(', ');
  }
}
