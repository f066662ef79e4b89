/** Ordinary redraws of one board are at least this far apart. */
export const BOARD_EVERY_MS = 30_000;

/** When a board should be redrawn: at once after a decision, otherwise at its usual pace. */
export function boardDueAt(lastSentAt: Date | null, now: Date, urgent: boolean): Date {
  if (urgent || lastSentAt === null) return now;
  return new Date(Math.max(now.getTime(), lastSentAt.getTime() + BOARD_EVERY_MS));
}
