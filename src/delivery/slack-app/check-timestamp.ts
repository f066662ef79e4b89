/** As far as Slack's clock and ours may differ, either way. */
const TOLERANCE_SECONDS = 300;

/** Bolt refuses old requests but takes those of the future, and reads "12e3" as a number: this does neither. */
export function isTimely(header: string | string[] | undefined, now: Date): boolean {
  if (typeof header !== 'string' || !/^\d{1,12}$/.test(header)) return false;
  return Math.abs(now.getTime() / 1_000 - Number(header)) <= TOLERANCE_SECONDS;
}
