import type { BoundSnapshot } from './bind-snapshot.ts';
import type { Judged, PointRule, Ruleset } from './ruleset.ts';
import type { Value } from './slots.ts';

/** True, false, or undefined: unknown. */
export type Outcome = boolean | undefined;

/** What one point rule says of one lead. */
export interface RuleJudgement {
  rule: PointRule;
  outcome: Outcome;
  /** Points after decay. */
  points: number;
  /** Age that decayed them, in milliseconds; null without decay. */
  ageMs: number | null;
  /** The decay has no known start: the points lie anywhere between 0 and all of them. */
  undated: boolean;
}

export function judge(rule: Judged, bound: BoundSnapshot): Outcome {
  if (rule.expiresAt !== null && bound.now >= rule.expiresAt) return false;
  return asOutcome(rule.condition.run(bound.values, bound.now));
}

export function asOutcome(value: Value): Outcome {
  return typeof value === 'boolean' ? value : undefined;
}

export function judgeRules(ruleset: Ruleset, bound: BoundSnapshot): RuleJudgement[] {
  return ruleset.rules.map((rule) => judgeRule(rule, bound));
}

function judgeRule(rule: PointRule, bound: BoundSnapshot): RuleJudgement {
  const outcome = judge(rule, bound);
  if (rule.decay === null || outcome === false) {
    return { rule, outcome, points: rule.points, ageMs: null, undated: false };
  }
  const since = rule.decay.since.run(bound.values, bound.now);
  if (typeof since !== 'number') {
    return { rule, outcome: undefined, points: rule.points, ageMs: null, undated: true };
  }
  const ageMs = Math.max(0, bound.now - since);
  const points = decayed(rule.points, ageMs / rule.decay.halfLifeMs);
  return { rule, outcome, points, ageMs, undated: false };
}

/** Whole points, rounded half away from zero, so that taking away decays as giving does. */
export function decayed(points: number, halfLives: number): number {
  const left = Math.round(Math.abs(points) * 2 ** -halfLives);
  return points < 0 ? 0 - left : left;
}
