import type { Assessment } from './assessment.ts';
import type { FeatureSnapshot } from './features.ts';
import { judgeTier } from './judge-tier.ts';
import type { Ruleset } from './ruleset.ts';
import { clampAxis, tierAt } from './tally.ts';

/** What is known of a lead: an assessment without what the missing fields could still change. */
export type KnownScore = Pick<
  Assessment,
  'points' | 'fitPoints' | 'intentPoints' | 'tier' | 'disqualified' | 'reasons'
>;

/**
 * Scores one lead from what is known alone, with every reason and every unknown: for thousands of past
 * leads. Differs from `scoreLead` only where points must move into the range (a `certain` line).
 */
export function scoreKnown(ruleset: Ruleset, snapshot: FeatureSnapshot, now: Date): KnownScore {
  const judged = ruleset.judge.judgeKnown(snapshot, now);
  const { caps } = ruleset.model;
  const fit = clampAxis(judged.sums.fit, caps.fit);
  const intent = clampAxis(judged.sums.intent, caps.intent);
  const { index, fired, reasons } = judgeTier(ruleset, snapshot, judged, { fit, intent });
  if (reasons.length > 0) judged.reasons.push(...reasons);
  return {
    points: fit + intent,
    fitPoints: fit,
    intentPoints: intent,
    tier: fired === null ? tierAt(index) : 'D',
    disqualified: fired === null ? null : { ruleId: fired.id, code: fired.code },
    reasons: judged.reasons,
  };
}
