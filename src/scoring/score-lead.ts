import { type Assessment, type MissingField, type Reason, TIERS } from './assessment.ts';
import { type BoundSnapshot, bindSnapshot } from './bind-snapshot.ts';
import {
  axisReasons,
  codeLabels,
  couldStopText,
  inCanonicalOrder,
  line,
  stopText,
  unitReasons,
  unknownBoundReason,
  whyText,
} from './explain-score.ts';
import { type AxisPoints, exploreRange, type Known, type Outlook } from './explore-range.ts';
import type { FeatureSnapshot } from './features.ts';
import { judge, judgeRules, type Outcome, type RuleJudgement } from './judge-rules.ts';
import { labelsOfSlots, rawOf } from './observed-fields.ts';
import { couldBeTrue, missingSlots, openQuestions } from './open-questions.ts';
import { ENGINE_VERSION, type HardStop, type Ruleset } from './ruleset.ts';
import { clampAxis, NO_CEILING, NO_FLOOR, tierAt, tierIndex, unitPoints } from './tally.ts';

/**
 * Scores one lead: a pure function of its arguments, the same bytes for the same input. Never throws:
 * whatever cannot be read counts as missing.
 */
export function scoreLead(ruleset: Ruleset, snapshot: FeatureSnapshot, now: Date): Assessment {
  const bound = bindSnapshot(ruleset, snapshot, now);
  const judgements = judgeRules(ruleset, bound);
  const outcomes = judgements.map((judgement) => judgement.outcome);
  const boundOutcomes = ruleset.bounds.map((rule) => judge(rule, bound));
  const { reasons, points, sums } = tallyReasons(ruleset, bound, judgements, outcomes);
  const { values, now: at } = bound;
  const questions = openQuestions(ruleset, judgements, boundOutcomes, values);
  const known: Known = { judgements, boundOutcomes, values, now: at, points, sums, questions };
  const outlook = exploreRange(ruleset, known);
  const stops = judgeStops(ruleset, bound);
  const missing = missingFields(ruleset, known, outlook, stops.missing);
  const certain = certainReasons(points, outlook, missing);
  const final = movedBy(points, certain);
  const tier = tierOutcome(ruleset, bound, final, boundOutcomes);
  return {
    rulesetVersion: ruleset.version,
    rulesetHash: ruleset.hash,
    engineVersion: ENGINE_VERSION,
    scoredAt: new Date(bound.now).toISOString(),
    points: final.fit + final.intent,
    fitPoints: final.fit,
    intentPoints: final.intent,
    range: { min: outlook.min, max: outlook.max, approximate: outlook.approximate },
    tier: stops.fired === null ? tierAt(tier.index) : 'D',
    possibleTiers: stops.fired === null ? possibleTiers(outlook, tier.index) : ['D'],
    disqualified: stops.fired === null ? null : { ruleId: stops.fired.id, code: stops.fired.code },
    possibleStops: stops.possible,
    codeLabels: codeLabels(ruleset, stops.fired, stops.possible),
    reasons: inCanonicalOrder([...reasons, ...certain, ...tier.reasons, ...stops.reasons]),
    missing,
  };
}

function tallyReasons(
  ruleset: Ruleset,
  bound: BoundSnapshot,
  judgements: readonly RuleJudgement[],
  outcomes: readonly Outcome[],
): { reasons: Reason[]; points: AxisPoints; sums: AxisPoints } {
  const sums: AxisPoints = { fit: 0, intent: 0 };
  const reasons: Reason[] = [];
  for (const unit of ruleset.units) {
    sums[unit.axis] += unitPoints(unit, judgements, outcomes);
    reasons.push(...unitReasons(ruleset, bound, unit, judgements, outcomes));
  }
  const { caps } = ruleset.model;
  reasons.push(...axisReasons('fit', sums.fit, caps.fit));
  reasons.push(...axisReasons('intent', sums.intent, caps.intent));
  const points = {
    fit: clampAxis(sums.fit, caps.fit),
    intent: clampAxis(sums.intent, caps.intent),
  };
  return { reasons, points, sums };
}

/** Moves points that no completion can give to the nearest that one can. */
function certainReasons(
  points: AxisPoints,
  outlook: Outlook,
  missing: readonly MissingField[],
): Reason[] {
  const total = points.fit + points.intent;
  if (total >= outlook.min && total <= outlook.max) return [];
  const isLow = total < outlook.min;
  const target = isLow ? outlook.atMin : outlook.atMax;
  const labels = missing.map((field) => field.label).join(', ');
  const bound = isLow ? `At least ${outlook.min}` : `At most ${outlook.max}`;
  const text = `${bound} in all, whatever is missing (${labels})`;
  return (['fit', 'intent'] as const).flatMap((axis) => {
    const moved = target[axis] - points[axis];
    return moved === 0 ? [] : [line('certain', axis, axis, moved, text)];
  });
}

function movedBy(points: AxisPoints, certain: readonly Reason[]): AxisPoints {
  const moved = { ...points };
  for (const { axis, points: by } of certain) if (axis !== null) moved[axis] += by;
  return moved;
}

/** Each missing raw value that an unjudged rule reads, with what knowing it alone could change. */
function missingFields(
  ruleset: Ruleset,
  known: Known,
  outlook: Outlook,
  stopSlots: readonly number[],
): MissingField[] {
  const { points, questions } = known;
  const asked = questions.flatMap((question) => question.missing);
  const slotsByRaw = new Map<string, Set<number>>();
  for (const index of [...asked, ...stopSlots]) {
    const slot = ruleset.slots[index];
    const raw = slot === undefined ? null : rawOf(slot);
    if (raw !== null) slotsByRaw.set(raw, (slotsByRaw.get(raw) ?? new Set()).add(index));
  }
  const total = points.fit + points.intent;
  const fields = [...slotsByRaw].map(([from, slots]): MissingField => {
    const alone = slotsByRaw.size === 1 ? outlook : exploreRange(ruleset, known, slots);
    const low = alone.min - total;
    const high = alone.max - total;
    // What it gives in any case is in the score already, as a `certain` line.
    const sure = low > 0 ? low : Math.min(high, 0);
    return { from, label: labelsOfSlots(ruleset, [...slots]), min: low - sure, max: high - sure };
  });
  return fields.sort(
    (a, b) => b.max - b.min - (a.max - a.min) || (a.from < b.from ? -1 : a.from > b.from ? 1 : 0),
  );
}

function tierOutcome(
  ruleset: Ruleset,
  bound: BoundSnapshot,
  points: AxisPoints,
  boundOutcomes: readonly Outcome[],
): { index: number; reasons: Reason[] } {
  const { model } = ruleset;
  const earned = tierIndex(model, points.fit, points.intent, NO_FLOOR, NO_CEILING);
  let floor = NO_FLOOR;
  let ceiling = NO_CEILING;
  ruleset.bounds.forEach((rule, index) => {
    if (boundOutcomes[index] !== true) return;
    const tier = TIERS.indexOf(rule.tier);
    if (rule.kind === 'floor') floor = Math.min(floor, tier);
    else ceiling = Math.max(ceiling, tier);
  });
  const index = tierIndex(model, points.fit, points.intent, floor, ceiling);
  const reasons = ruleset.bounds.flatMap((rule, position): Reason[] => {
    const outcome = boundOutcomes[position];
    const least = rule.kind === 'floor' ? 'at least' : 'at most';
    if (outcome === undefined) {
      return [unknownBoundReason(ruleset, bound, rule, `could be ${least} tier ${rule.tier}`)];
    }
    const decides = outcome && index !== earned && TIERS.indexOf(rule.tier) === index;
    const helps = rule.kind === 'floor' ? index < earned : index > earned;
    if (!decides || !helps) return [];
    const text = `${whyText(ruleset, bound, rule)}: ${least} tier ${rule.tier}`;
    return [line('tier', rule.id, null, 0, text)];
  });
  return { index, reasons };
}

interface StopOutcome {
  fired: HardStop | null;
  /** Codes of stops that a missing value could still make fire. */
  possible: string[];
  /** Slots of those missing values. */
  missing: number[];
  reasons: Reason[];
}

function judgeStops(ruleset: Ruleset, bound: BoundSnapshot): StopOutcome {
  let fired: HardStop | null = null;
  const possible = new Set<string>();
  const missing: number[] = [];
  const reasons: Reason[] = [];
  for (const stop of ruleset.stops) {
    const outcome = judge(stop, bound);
    if (outcome === true) {
      if (fired === null || stop.id < fired.id) fired = stop;
      reasons.push(line('tier', stop.id, null, 0, stopText(ruleset, bound, stop)));
    } else if (outcome === undefined) {
      const consequence = couldStopText(ruleset, stop);
      if (!couldBeTrue(ruleset, stop, bound.values, bound.now)) continue;
      possible.add(stop.code);
      missing.push(...missingSlots(ruleset, stop.condition.reads, bound.values));
      reasons.push(unknownBoundReason(ruleset, bound, stop, consequence));
    }
  }
  return { fired, possible: [...possible].sort(), missing, reasons };
}

function possibleTiers(outlook: Outlook, tier: number): Assessment['possibleTiers'] {
  const all = new Set([...outlook.tiers, tier]);
  return [...all].sort((a, b) => a - b).map((index) => tierAt(index));
}
