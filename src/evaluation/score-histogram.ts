/**
 * How many leads of each outcome stood at each place, the best last: all that ranking quality needs, whatever the
 * number of leads. A place is a whole number from 0: the points, or those within a tier.
 */
export interface ScoreHistogram {
  positives: number[];
  negatives: number[];
}

const Z_95 = 1.959963984540054;

/** Points are from 0 to 100. */
export const SCORES = 101;

export function createHistogram(places = SCORES): ScoreHistogram {
  return { positives: new Array(places).fill(0), negatives: new Array(places).fill(0) };
}

export function addScore(histogram: ScoreHistogram, place: number, isPositive: boolean): void {
  const side = isPositive ? histogram.positives : histogram.negatives;
  const bin = Math.min(side.length - 1, Math.max(0, Math.round(place)));
  side[bin] = (side[bin] ?? 0) + 1;
}

export function countOf({ positives, negatives }: ScoreHistogram): { n: number; hits: number } {
  const hits = sum(positives);
  return { n: hits + sum(negatives), hits };
}

export interface Auc {
  /** Chance that a lead that converted ranks above one that did not; a tie counts half. */
  value: number;
  low: number;
  high: number;
}

/** With the 95 % interval of DeLong (1988). Null unless both outcomes occur twice: then it says nothing. */
export function aucOf(histogram: ScoreHistogram): Auc | null {
  const { positives, negatives } = histogram;
  const p = sum(positives);
  const n = sum(negatives);
  if (p < 2 || n < 2) return null;
  const ofPositives = placements(positives, negatives, n);
  const ofNegatives = placements(negatives, positives, p);
  const value = ofPositives.mean;
  const spread = Z_95 * Math.sqrt(ofPositives.variance / p + ofNegatives.variance / n);
  return { value, low: Math.max(0, value - spread), high: Math.min(1, value + spread) };
}

/** Of each case of one side, the share of the other side below it: mean and variance. */
function placements(own: readonly number[], other: readonly number[], otherCount: number) {
  const shares: number[] = [];
  let below = 0;
  for (const count of other) {
    shares.push((below + count / 2) / otherCount);
    below += count;
  }
  const total = sum(own);
  const mean = own.reduce((all, count, bin) => all + count * (shares[bin] ?? 0), 0) / total;
  const squares = own.reduce(
    (all, count, bin) => all + count * ((shares[bin] ?? 0) - mean) ** 2,
    0,
  );
  return { mean, variance: squares / (total - 1) };
}

export interface TopShare {
  /** Share of the leads, best ranks first: 0.1 is the top tenth. */
  share: number;
  n: number;
  /** Conversions expected among them when ties are drawn by lot, so it may be a fraction. */
  hits: number;
  precision: number;
  /** Precision against that of all leads; null when nothing converted. */
  lift: number | null;
  /** Share of all conversions that are among them. */
  recall: number | null;
}

/** Null when there are no leads. At least one lead is taken. */
export function topShareOf(histogram: ScoreHistogram, share: number): TopShare | null {
  const { n: all, hits: allHits } = countOf(histogram);
  if (all === 0) return null;
  const n = Math.max(1, Math.round(all * share));
  let left = n;
  let hits = 0;
  for (let bin = histogram.positives.length - 1; bin >= 0 && left > 0; bin -= 1) {
    const positives = histogram.positives[bin] ?? 0;
    const here = positives + (histogram.negatives[bin] ?? 0);
    const taken = Math.min(left, here);
    if (here > 0) hits += (positives * taken) / here;
    left -= taken;
  }
  const precision = hits / n;
  return {
    ...{ share, n, hits, precision },
    lift: allHits === 0 ? null : precision / (allHits / all),
    recall: allHits === 0 ? null : hits / allHits,
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
