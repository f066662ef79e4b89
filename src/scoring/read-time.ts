/** As `Date.parse`, sooner for what most times look like: 2026-06-03T10:00:00.000Z. */
export function readTime(text: unknown): number {
  if (typeof text !== 'string') return Number.NaN;
  const plain = plainTime(text);
  return plain === -1 ? Date.parse(text) : plain;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DASH = 0x2d;
const COLON = 0x3a;

/** Milliseconds of a time written as `toISOString` writes it, from 1970 on; -1 for anything else. */
export function plainTime(text: unknown): number {
  if (typeof text !== 'string' || text.length !== 24) return -1;
  const isDate = text.charCodeAt(4) === DASH && text.charCodeAt(7) === DASH;
  const isClock = text.charCodeAt(13) === COLON && text.charCodeAt(16) === COLON;
  const isUtc = text.charCodeAt(19) === 0x2e && text.charCodeAt(23) === 0x5a;
  if (!isDate || text.charCodeAt(10) !== 0x54 || !isClock || !isUtc) return -1;
  const century = two(text, 0);
  const yearOfCentury = two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const hours = two(text, 11);
  const minutes = two(text, 14);
  const seconds = two(text, 17);
  const milliseconds = two(text, 20) * 10 + digit(text, 22);
  const year = century * 100 + yearOfCentury;
  // A leap day goes the slow way, as does whatever is not a digit.
  const isYear = year >= 1970 && century < NO_DIGIT && yearOfCentury < NO_DIGIT;
  const isDay = month >= 1 && day >= 1 && day <= (MONTH_DAYS[month - 1] ?? 0);
  const isTime = hours <= 23 && minutes <= 59 && seconds <= 59 && milliseconds < NO_DIGIT;
  if (!isYear || !isDay || !isTime) return -1;
  return (
    daysBefore(year, month, day) * 86_400_000 +
    hours * 3_600_000 +
    minutes * 60_000 +
    seconds * 1_000 +
    milliseconds
  );
}

/** More than any three digits; a whole number, since those are quicker than NaN. */
const NO_DIGIT = 1_000;

/** Two digits as a number; at least `NO_DIGIT` when one is none. */
function two(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : NO_DIGIT;
}

/** Days from 1970 to a day, in years that begin with March so that the leap day comes last. */
function daysBefore(year: number, month: number, day: number): number {
  const from = month <= 2 ? year - 1 : year;
  const ofYear = Math.trunc((153 * (month <= 2 ? month + 9 : month - 3) + 2) / 5) + day - 1;
  const leaps = Math.trunc(from / 4) - Math.trunc(from / 100) + Math.trunc(from / 400);
  return from * 365 + leaps + ofYear - 719_468;
}
