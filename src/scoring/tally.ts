import { TIERS, type Tier } from './assessment.ts';
import type { Outcome, RuleJudgement } from './judge-rules.ts';
import type { Ruleset, Unit } from './ruleset.ts';

/** Every group and every rule outside a group, once. */
export function unitsOf(ruleset: Pick<Ruleset, 'rules' | 'groups'>): Unit[] {
  const lone = ruleset.rules.flatMap(({ axis, group }, index): Unit[] =>
    group === null ? [{ axis, pick: 'sum', cap: null, members: [index], group: null }] : [],
  );
  const grouped = ruleset.groups.map(({ axis, pick, cap, members }, group): Unit => {
    return { axis, pick, cap, members, group };
  });
  return [...lone, ...grouped];
}

/** Points that a unit gives when its rules came out as `outcomes` says; unknown counts as not fired. */
export function unitPoints(
  unit: Unit,
  judgements: readonly RuleJudgement[],
  outcomes: readonly Outcome[],
): number {
  let sum = 0;
  let largest: number | null = null;
  for (const index of unit.members) {
    if (outcomes[index] !== true) continue;
    const points = judgements[index]?.points ?? 0;
    if (unit.pick === 'first') return points;
    sum += points;
    if (largest === null || points > largest) largest = points;
  }
  if (unit.pick === 'max') return largest ?? 0;
  return clip(unit, sum);
}

/** Members that could still change what the unit gives: in a `first` group, those before the one that fired. */
export function openMembers(unit: Unit, outcomes: readonly Outcome[]): number[] {
  const open: number[] = [];
  for (const index of unit.members) {
    if (outcomes[index] === undefined) open.push(index);
    else if (outcomes[index] === true && unit.pick === 'first') break;
  }
  return open;
}

/** Least and most that a unit can give, whatever its unknown rules turn out to be. */
export function unitBounds(
  unit: Unit,
  judgements: readonly RuleJudgement[],
  outcomes: readonly Outcome[],
): { low: number; high: number } {
  const pointsOf = (index: number) => judgements[index]?.points ?? 0;
  const openIndices = openMembers(unit, outcomes);
  const open = openIndices.map(pointsOf);
  // Points of an undated rule may have decayed to nothing, yet it still counts as the one picked.
  if (openIndices.some((index) => judgements[index]?.undated)) open.push(0);
  const now = unitPoints(unit, judgements, outcomes);
  if (unit.pick === 'first') return { low: Math.min(now, ...open), high: Math.max(now, ...open) };
  if (unit.pick === 'max') {
    const anyFired = unit.members.some((index) => outcomes[index] === true);
    return { low: anyFired ? now : Math.min(0, ...open), high: Math.max(now, ...open) };
  }
  const fired = unit.members.filter((index) => outcomes[index] === true).map(pointsOf);
  const known = fired.reduce((sum, points) => sum + points, 0);
  return {
    low: clip(
      unit,
      open.reduce((sum, points) => sum + Math.min(0, points), known),
    ),
    high: clip(
      unit,
      open.reduce((sum, points) => sum + Math.max(0, points), known),
    ),
  };
}

/** A cap holds the sum of a group on both sides of zero. */
function clip({ cap }: Unit, sum: number): number {
  return cap === null ? sum : Math.max(0 - cap, Math.min(cap, sum));
}

export function clampAxis(points: number, cap: number): number {
  return Math.max(0, Math.min(cap, points));
}

/** Tier of capped axis points, held between a floor and a ceiling; a ceiling wins over a floor. */
export function tierIndex(
  model: Ruleset['model'],
  fit: number,
  intent: number,
  floor: number,
  ceiling: number,
): number {
  let base = 0;
  while (base < TIERS.length - 1) {
    const wanted = model.tiers[tierAt(base)];
    const isReached =
      fit + intent >= wanted.points && fit >= (wanted.fit ?? 0) && intent >= (wanted.intent ?? 0);
    if (isReached) break;
    base++;
  }
  return Math.max(Math.min(base, floor), ceiling);
}

/** No floor and no ceiling, as tier indices. */
export const NO_FLOOR = TIERS.length - 1;
export const NO_CEILING = 0;

export function tierAt(index: number): Tier {
  return TIERS[index] ?? 'D';
}
