import { type Reason, TIERS } from './assessment.ts';
import { type BoundSnapshot, bindSnapshot } from './bind-snapshot.ts';
import { inCanonicalOrder, line, stopText, whyText } from './explain-score.ts';
import type { AxisPoints } from './explore-range.ts';
import type { FeatureSnapshot } from './features.ts';
import type { KnownLead } from './judged-lead.ts';
import type { HardStop, Judged, Ruleset } from './ruleset.ts';
import { NO_CEILING, NO_FLOOR, tierIndex } from './tally.ts';

export interface TierOutcome {
  /** Index in TIERS, before hard stops. */
  index: number;
  fired: HardStop | null;
  /** Lines of floors and ceilings that decide, and of hard stops, in canonical order. */
  reasons: readonly Reason[];
}

const NO_LINES: readonly Reason[] = [];

/** The tier of capped points, with the floors, ceilings and hard stops that fired. */
export function judgeTier(
  ruleset: Ruleset,
  snapshot: FeatureSnapshot,
  judged: KnownLead,
  points: AxisPoints,
): TierOutcome {
  const { model, bounds, stops } = ruleset;
  const earned = tierIndex(model, points.fit, points.intent, NO_FLOOR, NO_CEILING);
  if (!judged.bounds.includes(true) && !judged.stops.includes(true)) {
    return { index: earned, fired: null, reasons: NO_LINES };
  }
  const { floor, ceiling } = limitsOf(ruleset, judged);
  const index = tierIndex(model, points.fit, points.intent, floor, ceiling);
  const reasons: Reason[] = [];
  if (index !== earned) {
    bounds.forEach((rule, position) => {
      const helps = rule.kind === 'floor' ? index < earned : index > earned;
      const decides = judged.bounds[position] === true && TIERS.indexOf(rule.tier) === index;
      if (!decides || !helps) return;
      const least = rule.kind === 'floor' ? 'at least' : 'at most';
      const why = whyText(ruleset, boundFor(ruleset, snapshot, judged, rule), rule);
      const text = `${why}: ${least} tier ${rule.tier}`;
      reasons.push(line('tier', rule.id, null, 0, text));
    });
  }
  let fired: HardStop | null = null;
  for (let position = 0; position < stops.length; position++) {
    const stop = stops[position];
    if (stop === undefined || judged.stops[position] !== true) continue;
    if (fired === null || stop.id < fired.id) fired = stop;
    const bound = boundFor(ruleset, snapshot, judged, stop);
    reasons.push(line('tier', stop.id, null, 0, stopText(ruleset, bound, stop)));
  }
  return { index, fired, reasons: reasons.length > 1 ? inCanonicalOrder(reasons) : reasons };
}

/** What a sentence is filled in from: nothing, where it is fixed, as most are. */
function boundFor(
  ruleset: Ruleset,
  snapshot: FeatureSnapshot,
  { now }: KnownLead,
  { why }: Judged,
): BoundSnapshot {
  const isFixed = why !== null && why.fixed !== null && why.fixed !== '';
  return isFixed ? { snapshot, now, values: [] } : bindSnapshot(ruleset, snapshot, new Date(now));
}

function limitsOf({ bounds }: Ruleset, judged: KnownLead): { floor: number; ceiling: number } {
  let floor = NO_FLOOR;
  let ceiling = NO_CEILING;
  for (let position = 0; position < bounds.length; position++) {
    const rule = bounds[position];
    if (rule === undefined || judged.bounds[position] !== true) continue;
    const tier = TIERS.indexOf(rule.tier);
    if (rule.kind === 'floor') floor = Math.min(floor, tier);
    else ceiling = Math.max(ceiling, tier);
  }
  return { floor, ceiling };
}
