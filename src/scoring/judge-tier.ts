import { type Reason, TIERS } from './assessment.ts';
import { inCanonicalOrder, line, stopText, whyText } from './explain-score.ts';
import type { AxisPoints } from './explore-range.ts';
import type { FeatureSnapshot } from './features.ts';
import type { JudgedLead } from './judged-lead.ts';
import type { HardStop, Ruleset } from './ruleset.ts';
import { NO_CEILING, NO_FLOOR, tierIndex } from './tally.ts';

export interface TierOutcome {
  /** Index in TIERS, before hard stops. */
  index: number;
  fired: HardStop | null;
  /** Lines of floors and ceilings that decide, and of hard stops, in canonical order. */
  reasons: Reason[];
}

/** The tier of capped points, with the floors, ceilings and hard stops that fired. */
export function judgeTier(
  ruleset: Ruleset,
  snapshot: FeatureSnapshot,
  judged: JudgedLead,
  points: AxisPoints,
): TierOutcome {
  const { model, bounds, stops } = ruleset;
  const earned = tierIndex(model, points.fit, points.intent, NO_FLOOR, NO_CEILING);
  if (!judged.bounds.includes(true) && !judged.stops.includes(true)) {
    return { index: earned, fired: null, reasons: [] };
  }
  const bound = { values: judged.values, now: judged.now, snapshot };
  let floor = NO_FLOOR;
  let ceiling = NO_CEILING;
  bounds.forEach((rule, position) => {
    if (judged.bounds[position] !== true) return;
    const tier = TIERS.indexOf(rule.tier);
    if (rule.kind === 'floor') floor = Math.min(floor, tier);
    else ceiling = Math.max(ceiling, tier);
  });
  const index = tierIndex(model, points.fit, points.intent, floor, ceiling);
  const reasons: Reason[] = [];
  bounds.forEach((rule, position) => {
    const helps = rule.kind === 'floor' ? index < earned : index > earned;
    const decides = judged.bounds[position] === true && TIERS.indexOf(rule.tier) === index;
    if (!decides || !helps) return;
    const least = rule.kind === 'floor' ? 'at least' : 'at most';
    const text = `${whyText(ruleset, bound, rule)}: ${least} tier ${rule.tier}`;
    reasons.push(line('tier', rule.id, null, 0, text));
  });
  let fired: HardStop | null = null;
  stops.forEach((stop, position) => {
    if (judged.stops[position] !== true) return;
    if (fired === null || stop.id < fired.id) fired = stop;
    reasons.push(line('tier', stop.id, null, 0, stopText(ruleset, bound, stop)));
  });
  return { index, fired, reasons: inCanonicalOrder(reasons) };
}
