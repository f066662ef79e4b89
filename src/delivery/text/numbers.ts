import type { Proportion } from '../views.ts';

const MINUS = '\u2212';

/** "+20", "−5", "0": a true minus sign, so that it is read and lined up as one. */
export function signed(points: number): string {
  if (points === 0) return '0';
  return points > 0 ? `+${points}` : `${MINUS}${-points}`;
}

/** "1 lead", "300 leads". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}

const SUFFIXES: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };
const ORDINALS = new Intl.PluralRules('en-US', { type: 'ordinal' });

/** "1st", "12th", "1,003rd". */
export function ordinal(n: number): string {
  return `${n.toLocaleString('en-US')}${SUFFIXES[ORDINALS.select(n)] ?? 'th'}`;
}

/** "16%". A share of 0 to 1. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** "23 of 140, 16% (95% interval 11 to 23%)"; without enough cases it says so and gives no rate. */
export function proportion(value: Proportion, minimumN: number): string {
  const cases = `${value.hits} of ${value.n}`;
  if (value.rate === null || value.low === null || value.high === null) {
    return `${cases}, too few for a rate (needs ${minimumN})`;
  }
  const interval = `${Math.round(value.low * 100)} to ${percent(value.high)}`;
  return `${cases}, ${percent(value.rate)} (95% interval ${interval})`;
}
