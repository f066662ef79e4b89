/** A share with its n and Wilson 95 % interval; `rate` and the bounds are null below the minimum n. */
export interface Proportion {
  hits: number;
  n: number;
  rate: number | null;
  low: number | null;
  high: number | null;
}

/** Below this many cases a rate says more about chance than about the team. */
export const MINIMUM_N = 10;

const Z_95 = 1.959963984540054;

/** Wilson score interval (Wilson 1927): stays inside 0..1 and is honest for small n and extreme rates. */
export function wilsonInterval(hits: number, n: number, z = Z_95): { low: number; high: number } {
  if (n <= 0) return { low: 0, high: 1 };
  const rate = hits / n;
  const z2 = z * z;
  const centre = rate + z2 / (2 * n);
  const spread = z * Math.sqrt((rate * (1 - rate)) / n + z2 / (4 * n * n));
  const scale = 1 + z2 / n;
  return {
    low: hits === 0 ? 0 : Math.max(0, (centre - spread) / scale),
    high: hits === n ? 1 : Math.min(1, (centre + spread) / scale),
  };
}

export function proportion(hits: number, n: number, minimumN = MINIMUM_N): Proportion {
  if (n < minimumN) return { hits, n, rate: null, low: null, high: null };
  return { hits, n, rate: hits / n, ...wilsonInterval(hits, n) };
}
