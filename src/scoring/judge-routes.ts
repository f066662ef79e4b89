import type { Reason } from './assessment.ts';
import { bindSnapshot, type Derived } from './bind-snapshot.ts';
import { whyText } from './explain-score.ts';
import type { FeatureSnapshot } from './features.ts';
import { asOutcome } from './judge-rules.ts';
import { labelsOfSlots, observedFields } from './observed-fields.ts';
import { missingSlots } from './open-questions.ts';
import type { Ruleset } from './ruleset.ts';

/** What one route of routing.yml says of one lead. */
export interface RouteJudgement {
  routeId: string;
  team: string;
  outcome: boolean | 'unknown';
  /** The route's `why`, filled in; for an unknown one what is missing. */
  text: string;
  fields: Reason['fields'];
}

/**
 * Judges every route in order, with `tier` and `points` from the lead's assessment (the effective tier
 * where a person overrode it). The first that is true takes the lead; the last is always true.
 */
export function judgeRoutes(
  ruleset: Ruleset,
  snapshot: FeatureSnapshot,
  now: Date,
  derived: Derived,
): RouteJudgement[] {
  const bound = bindSnapshot(ruleset, snapshot, now, derived);
  return ruleset.routes.map(({ id, team, condition, why }): RouteJudgement => {
    if (condition === null) {
      const rule = { id, condition: NO_CONDITION, why, expiresAt: null, opaque: new Set<number>() };
      const text = why === null ? 'everyone else' : whyText(ruleset, bound, rule);
      return { routeId: id, team, outcome: true, text, fields: [] };
    }
    const outcome = asOutcome(condition.run(bound.values, bound.now));
    const fields = observedFields(ruleset, bound, condition.reads);
    const rule = { id, condition, why, expiresAt: null, opaque: new Set<number>() };
    if (outcome !== undefined) {
      return { routeId: id, team, outcome, text: whyText(ruleset, bound, rule), fields };
    }
    const missing = missingSlots(ruleset, condition.reads, bound.values);
    const text = `${labelsOfSlots(ruleset, missing)} unknown`;
    return { routeId: id, team, outcome: 'unknown', text, fields };
  });
}

const NO_CONDITION = {
  source: 'true',
  ast: null,
  type: 'bool',
  run: () => true,
  reads: [],
  atoms: [],
  whole: new Set<number>(),
};
