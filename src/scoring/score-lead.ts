import type { Assessment, MissingField, Reason, Tier } from './assessment.ts';
import { codeLabels, line } from './explain-score.ts';
import { type AxisPoints, exploreRange, type Known, type Outlook } from './explore-range.ts';
import type { FeatureSnapshot } from './features.ts';
import { judgeTier } from './judge-tier.ts';
import type { JudgedLead } from './judged-lead.ts';
import { labelsOfSlots, rawOf } from './observed-fields.ts';
import { missingSlots, openQuestions } from './open-questions.ts';
import { ENGINE_VERSION, type Ruleset } from './ruleset.ts';
import { clampAxis, tierAt } from './tally.ts';

/**
 * Scores one lead: a pure function of its arguments, the same bytes for the same input. Never throws:
 * whatever cannot be read counts as missing.
 */
export function scoreLead(ruleset: Ruleset, snapshot: FeatureSnapshot, now: Date): Assessment {
  const judged = ruleset.judge.judgeLead(snapshot, now);
  const known = knownOf(ruleset, judged);
  const { points } = known;
  const outlook = exploreRange(ruleset, known);
  const missing = missingFields(ruleset, known, outlook, missingOfStops(ruleset, judged));
  const certain = certainReasons(points, outlook, missing);
  const final = movedBy(points, certain);
  const { index, fired, reasons } = judgeTier(ruleset, snapshot, judged, final);
  const possible = possibleStops(ruleset, judged);
  return {
    rulesetVersion: ruleset.version,
    rulesetHash: ruleset.hash,
    engineVersion: ENGINE_VERSION,
    scoredAt: new Date(judged.now).toISOString(),
    points: final.fit + final.intent,
    fitPoints: final.fit,
    intentPoints: final.intent,
    range: { min: outlook.min, max: outlook.max, approximate: outlook.approximate },
    tier: fired === null ? tierAt(index) : 'D',
    possibleTiers: fired === null ? possibleTiers(outlook, index) : ['D'],
    disqualified: fired === null ? null : { ruleId: fired.id, code: fired.code },
    possibleStops: possible,
    codeLabels: codeLabels(ruleset, fired, possible),
    reasons: [
      ...judged.reasons.slice(0, judged.firstUnknown),
      ...certain,
      ...judged.reasons.slice(judged.firstUnknown),
      ...reasons,
    ],
    missing,
  };
}

/** The tier that `scoreLead` gives, without what each missing value could change: most of its time. */
export function scoreTier(ruleset: Ruleset, snapshot: FeatureSnapshot, now: Date): Tier {
  const judged = ruleset.judge.judgeLead(snapshot, now);
  const known = knownOf(ruleset, judged);
  const certain = certainReasons(known.points, exploreRange(ruleset, known), []);
  const final = movedBy(known.points, certain);
  const { index, fired } = judgeTier(ruleset, snapshot, judged, final);
  return fired === null ? tierAt(index) : 'D';
}

function knownOf(ruleset: Ruleset, judged: JudgedLead): Known {
  const { values, now, sums, bounds: boundOutcomes } = judged;
  const { caps } = ruleset.model;
  const judgements = ruleset.rules.map((rule, index) => ({
    rule,
    outcome: judged.outcomes[index],
    points: judged.points[index] ?? 0,
    ageMs: null,
    undated: judged.undated.includes(index),
  }));
  const points = {
    fit: clampAxis(sums.fit, caps.fit),
    intent: clampAxis(sums.intent, caps.intent),
  };
  const questions = openQuestions(ruleset, judgements, boundOutcomes, values);
  return { judgements, boundOutcomes, values, now, points, sums, questions };
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

/** Slots that could make a hard stop fire. */
function missingOfStops(ruleset: Ruleset, { openStops, values }: JudgedLead): number[] {
  return ruleset.stops.flatMap((stop, index) =>
    openStops[index] === true ? missingSlots(ruleset, stop.condition.reads, values) : [],
  );
}

function possibleStops(ruleset: Ruleset, { openStops }: JudgedLead): string[] {
  const codes = ruleset.stops.flatMap(({ code }, index) =>
    openStops[index] === true ? [code] : [],
  );
  return [...new Set(codes)].sort();
}

function possibleTiers(outlook: Outlook, tier: number): Assessment['possibleTiers'] {
  const all = new Set([...outlook.tiers, tier]);
  return [...all].sort((a, b) => a - b).map((index) => tierAt(index));
}
