import { TIERS, type Tier } from './assessment.ts';
import type { FeatureSnapshot, FeatureValue } from './features.ts';
import {
  type ChangeIdea,
  type LeadChange,
  possibleChanges,
  withChange,
} from './possible-changes.ts';
import type { Ruleset } from './ruleset.ts';
import { nearMissText } from './say-near-miss.ts';
import { scoreTier } from './score-lead.ts';
import { tierAt } from './tally.ts';

/** One thing that, were it different, would lift a lead's tier. */
export interface NearMiss {
  /** Raw value that would change, as in `FieldDefinition.from`, or `signal:<kind>`. */
  from: string;
  kind: ChangeIdea['kind'];
  /** Each of them lifts the tier by itself. */
  changes: LeadChange[];
  /** What the tier would be at least. */
  tier: Tier;
  /** "2 more ..." as a sentence without its full stop; plain text, unescaped. */
  text: string;
}

const MOST_SHOWN = 3;
/** Scores tried for one lead, times rules: a click on Why must not keep other clicks waiting. */
const MAX_WORK = 60_000;
const MOST_TRIES = 600;
const LEAST_TRIES = 20;

/**
 * The single changes that would lift the tier which the rules give, hard stops included: the most plausible
 * three, nothing for a lead that is A already. `possibleChanges` says what counts as a change. Each is scored,
 * so what is said is so; where the rules read values by comparisons alone and the bound on the work is not
 * reached, nothing that would lift is overlooked. Deterministic.
 */
export function nearMisses(ruleset: Ruleset, snapshot: FeatureSnapshot, now: Date): NearMiss[] {
  const base = TIERS.indexOf(scoreTier(ruleset, snapshot, now));
  if (base === 0) return [];
  const rules = ruleset.rules.length + ruleset.bounds.length + ruleset.stops.length;
  let triesLeft = Math.max(LEAST_TRIES, Math.min(MOST_TRIES, Math.floor(MAX_WORK / (rules + 1))));
  const tierOf = (change: LeadChange): number => {
    triesLeft--;
    if (triesLeft < 0) return base;
    return TIERS.indexOf(scoreTier(ruleset, withChange(snapshot, change, now), now));
  };
  return possibleChanges(ruleset, snapshot, now)
    .flatMap((idea) => {
      const { lifting, orMore } = liftingChanges(idea, base, tierOf);
      const [first] = lifting;
      if (first === undefined) return [];
      const tiers = lifting.map(({ tier }) => tier);
      const found = { idea, changes: lifting.map(({ change }) => change), tiers, orMore };
      return [{ ...found, effort: effortOf(snapshot, idea, first.change) }];
    })
    .sort((a, b) => a.effort - b.effort || Math.min(...a.tiers) - Math.min(...b.tiers))
    .slice(0, MOST_SHOWN)
    .map(({ idea: { from, kind }, changes, tiers, orMore }): NearMiss => {
      const least = Math.max(...tiers);
      const isLeast = Math.min(...tiers) < least;
      const miss = { from, kind, changes, tier: tierAt(least) };
      return {
        ...miss,
        text: nearMissText({ ruleset, snapshot, now }, { ...miss, isLeast, orMore }),
      };
    });
}

interface Lift {
  change: LeadChange;
  /** Index in TIERS. */
  tier: number;
}

/** `orMore`: whatever comes after the first number that lifts does so as well. */
function liftingChanges(
  { stages, isScale, isRange, alike }: ChangeIdea,
  base: number,
  tierOf: (change: LeadChange) => number,
): { lifting: Lift[]; orMore: boolean } {
  for (const [stage, changes] of stages.entries()) {
    const tried: Lift[] = [];
    for (const change of changes) {
      tried.push({ change, tier: tierOf(change) });
      if (isScale && tried.some(({ tier }) => tier < base)) break;
    }
    const start = tried.findIndex(({ tier }) => tier < base);
    if (start === -1) continue;
    const orMore = isRange && tried.slice(start).every(({ tier }) => tier < base);
    const said = new Set(tried.map(({ change }) => JSON.stringify(change)));
    const others = (stage === 0 ? alike : [])
      .filter((change) => !said.has(JSON.stringify(change)))
      .map((change) => ({ change, tier: tierOf(change) }));
    return { lifting: [...tried, ...others].filter(({ tier }) => tier < base), orMore };
  }
  return { lifting: [], orMore: false };
}

/** How much a change asks for: finding out is less than waiting, and a little less than a lot. */
function effortOf(snapshot: FeatureSnapshot, idea: ChangeIdea, change: LeadChange): number {
  if (change.signals !== null) return 1 + change.signals.count;
  if (idea.kind === 'missing') return idea.from.endsWith('domain') ? 4 : 1;
  const [[name, value] = ['', 0]] = Object.entries<FeatureValue>(change.fields);
  const present = snapshot.fields[name];
  if (typeof value !== 'number' || typeof present !== 'number') return 2;
  return 1 + (5 * Math.abs(value - present)) / Math.max(1, Math.abs(present));
}
