import { TIERS, type Tier } from '../scoring/assessment.ts';
import { type Proportion, proportion } from './proportion.ts';
import {
  type Auc,
  addScore,
  aucOf,
  countOf,
  createHistogram,
  SCORES,
  type ScoreHistogram,
  type TopShare,
  topShareOf,
} from './score-histogram.ts';

/** One past lead, scored as of its time, and what came of it. */
export interface PastLead {
  points: number;
  tier: Tier;
  /** A hard stop certainly fired. */
  stopped: boolean;
  converted: boolean;
  /** Rules of every kind that fired, floors and ceilings where they decided the tier; those not judged. */
  fired: readonly string[];
  unknown: readonly string[];
  /** Such as "2026-03"; null without times. */
  period: string | null;
}

export interface RuleCoverage {
  ruleId: string;
  fired: number;
  unknown: number;
  /** Conversion where it fired, and where it was judged and did not fire. */
  whenFired: Proportion;
  otherwise: Proportion;
}

export interface PeriodQuality {
  period: string;
  conversion: Proportion;
  auc: Auc | null;
  tiers: Record<Tier, Proportion>;
}

export interface TierPair {
  better: Tier;
  worse: Tier;
}

export interface BacktestResult {
  n: number;
  conversion: Proportion;
  /** Of those that a hard stop took off the board: they rank last. */
  stopped: Proportion;
  auc: Auc | null;
  top: TopShare[];
  tiers: Record<Tier, Proportion>;
  /**
   * Neighbouring tiers, both with enough leads, where the lower one converts better; null when fewer than two
   * tiers have enough.
   */
  outOfOrder: TierPair[] | null;
  /** The same pairs, where both convert the same. */
  sameRate: TierPair[] | null;
  rules: RuleCoverage[];
  periods: PeriodQuality[];
  /** By points. */
  histogram: ScoreHistogram;
}

export interface Backtest {
  add(lead: PastLead): void;
  result(): BacktestResult;
}

export const SHARES = [0.01, 0.05, 0.1, 0.2, 0.5] as const;

interface Slice {
  ranking: ScoreHistogram;
  tiers: Record<Tier, Tally>;
}

/** Memory grows with rules and periods, not with leads. */
export function createBacktest(ruleIds: readonly string[]): Backtest {
  const whole = createSlice();
  const histogram = createHistogram();
  const stopped = tally();
  const periods = new Map<string, Slice>();
  const rules = new Map(ruleIds.map((id) => [id, { fired: tally(), unknown: tally() }]));

  function add(lead: PastLead): void {
    count(whole, lead);
    addScore(histogram, lead.points, lead.converted);
    if (lead.stopped) addTo(stopped, lead.converted);
    if (lead.period !== null) {
      const known = periods.get(lead.period) ?? createSlice();
      periods.set(lead.period, known);
      count(known, lead);
    }
    for (const id of lead.fired) addTo(rules.get(id)?.fired, lead.converted);
    for (const id of lead.unknown) addTo(rules.get(id)?.unknown, lead.converted);
  }

  function result(): BacktestResult {
    const all = countOf(whole.ranking);
    const tiers = proportions(whole.tiers);
    return {
      n: all.n,
      conversion: proportion(all.hits, all.n),
      stopped: proportion(stopped.hits, stopped.n),
      auc: aucOf(whole.ranking),
      top: SHARES.flatMap((share) => topShareOf(whole.ranking, share) ?? []),
      tiers,
      outOfOrder: neighbours(tiers, (better, worse) => worse > better),
      sameRate: neighbours(tiers, (better, worse) => worse === better),
      rules: [...rules].map(([ruleId, { fired, unknown }]) => ({
        ruleId,
        fired: fired.n,
        unknown: unknown.n,
        whenFired: proportion(fired.hits, fired.n),
        otherwise: proportion(all.hits - fired.hits - unknown.hits, all.n - fired.n - unknown.n),
      })),
      periods: [...periods]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([period, slice]) => periodQuality(period, slice)),
      histogram,
    };
  }

  return { add, result };
}

interface Tally {
  n: number;
  hits: number;
}

function tally(): Tally {
  return { n: 0, hits: 0 };
}

function addTo(counted: Tally | undefined, isHit: boolean): void {
  if (counted === undefined) return;
  counted.n += 1;
  if (isHit) counted.hits += 1;
}

function createSlice(): Slice {
  return {
    ranking: createHistogram(PLACES),
    tiers: { A: tally(), B: tally(), C: tally(), D: tally() },
  };
}

function count(slice: Slice, lead: PastLead): void {
  addScore(slice.ranking, placeOf(lead), lead.converted);
  addTo(slice.tiers[lead.tier], lead.converted);
}

function proportions(tiers: Record<Tier, Tally>): Record<Tier, Proportion> {
  const of = ({ hits, n }: Tally) => proportion(hits, n);
  return { A: of(tiers.A), B: of(tiers.B), C: of(tiers.C), D: of(tiers.D) };
}

function periodQuality(period: string, slice: Slice): PeriodQuality {
  const { n, hits } = countOf(slice.ranking);
  return {
    period,
    conversion: proportion(hits, n),
    auc: aucOf(slice.ranking),
    tiers: proportions(slice.tiers),
  };
}

/** Neighbouring tiers with enough leads whose rates are as `isSo` says. */
function neighbours(
  tiers: Record<Tier, Proportion>,
  isSo: (better: number, worse: number) => boolean,
): TierPair[] | null {
  const known = TIERS.filter((tier) => tiers[tier].rate !== null);
  if (known.length < 2) return null;
  return known.flatMap((better, index) => {
    const worse = known[index + 1];
    if (worse === undefined) return [];
    return isSo(tiers[better].rate ?? 0, tiers[worse].rate ?? 0) ? [{ better, worse }] : [];
  });
}

/** Stopped leads share the last place; each tier has one for every score. */
const PLACES = 1 + TIERS.length * SCORES;

/** As the board ranks: by tier, then by points; stopped leads, which are not on it, come last. */
function placeOf({ tier, points, stopped }: PastLead): number {
  if (stopped) return 0;
  return 1 + (TIERS.length - 1 - TIERS.indexOf(tier)) * SCORES + points;
}
