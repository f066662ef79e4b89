import type { Reason } from './assessment.ts';
import { type BoundSnapshot, bindSnapshot } from './bind-snapshot.ts';
import {
  axisReasons,
  couldStopText,
  inCanonicalOrder,
  unitReasons,
  unknownBoundReason,
} from './explain-score.ts';
import type { FeatureSnapshot } from './features.ts';
import { judge, judgeRules, type Outcome } from './judge-rules.ts';
import type { Judge, JudgedLead } from './judged-lead.ts';
import { couldBeTrue } from './open-questions.ts';
import type { Ruleset, TierBound } from './ruleset.ts';
import { unitPoints } from './tally.ts';

/** Judges a lead rule by rule: the plain way, against which the generated code is checked. */
export function judgeByClosures(ruleset: Ruleset): Judge {
  const judgeLead = (snapshot: FeatureSnapshot, now: Date): JudgedLead => {
    const bound = bindSnapshot(ruleset, snapshot, now);
    const judgements = judgeRules(ruleset, bound);
    const outcomes = judgements.map((judgement) => judgement.outcome);
    const bounds = ruleset.bounds.map((rule) => judge(rule, bound));
    const stops = ruleset.stops.map((rule) => judge(rule, bound));
    const openStops = ruleset.stops.map(
      (rule, index) =>
        stops[index] === undefined && couldBeTrue(ruleset, rule, bound.values, bound.now),
    );
    const sums = { fit: 0, intent: 0 };
    const lines: Reason[] = [];
    for (const unit of ruleset.units) {
      sums[unit.axis] += unitPoints(unit, judgements, outcomes);
      lines.push(...unitReasons(ruleset, bound, unit, judgements, outcomes));
    }
    lines.push(...axisReasons('fit', sums.fit, ruleset.model.caps.fit));
    lines.push(...axisReasons('intent', sums.intent, ruleset.model.caps.intent));
    lines.push(
      ...unknownBounds(ruleset, bound, bounds),
      ...unknownStops(ruleset, bound, openStops),
    );
    const reasons = inCanonicalOrder(lines);
    const unknown = reasons.findIndex((reason) => reason.kind === 'unknown');
    return {
      values: bound.values,
      now: bound.now,
      outcomes,
      points: judgements.map((judgement) => judgement.points),
      undated: judgements.flatMap((judgement, index) => (judgement.undated ? [index] : [])),
      bounds,
      stops,
      openStops,
      sums,
      reasons,
      firstUnknown: unknown === -1 ? reasons.length : unknown,
    };
  };
  return { judgeLead, judgeKnown: judgeLead };
}

function unknownBounds(
  ruleset: Ruleset,
  bound: BoundSnapshot,
  outcomes: readonly Outcome[],
): Reason[] {
  return ruleset.bounds.flatMap((rule, index) =>
    outcomes[index] === undefined
      ? [unknownBoundReason(ruleset, bound, rule, consequenceOfBound(rule))]
      : [],
  );
}

function unknownStops(ruleset: Ruleset, bound: BoundSnapshot, open: readonly boolean[]): Reason[] {
  return ruleset.stops.flatMap((stop, index) =>
    open[index] === true
      ? [unknownBoundReason(ruleset, bound, stop, couldStopText(ruleset, stop))]
      : [],
  );
}

export function consequenceOfBound({ kind, tier }: TierBound): string {
  return `could be at ${kind === 'floor' ? 'least' : 'most'} tier ${tier}`;
}
