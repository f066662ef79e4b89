import { TIERS, type Tier } from '../scoring/assessment.ts';
import { MINIMUM_N, type Proportion, proportion } from './proportion.ts';

/**
 * The one final decision on one assessment. An acceptance agrees with the engine; an override or a
 * disqualification does not. Undone decisions, snoozes and reassignments are not judgements of the score.
 */
export interface JudgedAssessment {
  assessmentId: string;
  tier: Tier;
  overridden: boolean;
  /** Rules whose points counted in the assessment. */
  firedRules: string[];
  /** Rules that the rep marked as wrong. */
  blamedRules: string[];
}

export interface RuleRates {
  ruleId: string;
  /** Overrides where the rule fired, over decisions where it fired. */
  overridden: Proportion;
  /** Decisions that blamed the rule, over decisions where it fired. */
  blamed: Proportion;
}

export function overrideRate(judged: JudgedAssessment[], minimumN = MINIMUM_N): Proportion {
  return proportion(judged.filter((one) => one.overridden).length, judged.length, minimumN);
}

export function overrideRateByTier(
  judged: JudgedAssessment[],
  minimumN = MINIMUM_N,
): { tier: Tier; proportion: Proportion }[] {
  return TIERS.map((tier) => ({
    tier,
    proportion: overrideRate(
      judged.filter((one) => one.tier === tier),
      minimumN,
    ),
  }));
}

/** Rules that fired at least once, the most blamed first, then by id. */
export function overrideRateByRule(judged: JudgedAssessment[], minimumN = MINIMUM_N): RuleRates[] {
  const counts = new Map<string, { fired: number; overridden: number; blamed: number }>();
  for (const one of judged) {
    for (const ruleId of new Set(one.firedRules)) {
      const count = counts.get(ruleId) ?? { fired: 0, overridden: 0, blamed: 0 };
      count.fired += 1;
      if (one.overridden) count.overridden += 1;
      if (one.blamedRules.includes(ruleId)) count.blamed += 1;
      counts.set(ruleId, count);
    }
  }
  return [...counts]
    .sort(([idA, a], [idB, b]) => b.blamed - a.blamed || (idA < idB ? -1 : 1))
    .map(([ruleId, count]) => ({
      ruleId,
      overridden: proportion(count.overridden, count.fired, minimumN),
      blamed: proportion(count.blamed, count.fired, minimumN),
    }));
}
