/** As `Date.parse`, sooner for what most times look like: 2026-06-03T10:00:00.000Z. */
export function readTime(text: unknown): number {
  if (typeof text !== 'string') return Number.NaN;
  const plain = plainTime(text);
  return plain === -1 ? Date.parse(text) : plain;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const SEPARATORS = [
  [4, 0x2d],
  [7, 0x2d],
  [10, 0x54],
  [13, 0x3a],
  [16, 0x3a],
  [19, 0x2e],
  [23, 0x5a],
] as const;

/** Milliseconds of a time written as `toISOString` writes it, from 1970 on; -1 for any other text. */
export function plainTime(text: string): number {
  if (text.length !== 24) return -1;
  for (let index = 0; index < SEPARATORS.length; index++) {
    const separator = SEPARATORS[index];
    if (separator === undefined || text.charCodeAt(separator[0]) !== separator[1]) return -1;
  }
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const hours = two(text, 11);
  const minutes = two(text, 14);
  const seconds = two(text, 17);
  const milliseconds = two(text, 20) * 10 + (two(text, 21) % 10);
  // A leap day goes the slow way, as does whatever is not a digit.
  const isDay = month >= 1 && day >= 1 && day <= (MONTH_DAYS[month - 1] ?? 0);
  const isTime = hours <= 23 && minutes <= 59 && seconds <= 59;
  if (!isDay || !isTime || !(year >= 1970) || !(milliseconds >= 0)) return -1;
  return (
    daysBefore(year, month, day) * 86_400_000 +
    hours * 3_600_000 +
    minutes * 60_000 +
    seconds * 1_000 +
    milliseconds
  );
}

/** Two digits as a number; NaN when one is none. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Days from 1970 to a day, in years that begin with March so that the leap day comes last. */
function daysBefore(year: number, month: number, day: number): number {
  const from = month <= 2 ? year - 1 : year;
  const ofYear = Math.trunc((153 * (month <= 2 ? month + 9 : month - 3) + 2) / 5) + day - 1;
  const leaps = Math.trunc(from / 4) - Math.trunc(from / 100) + Math.trunc(from / 400);
  return from * 365 + leaps + ofYear - 719_468;
}
