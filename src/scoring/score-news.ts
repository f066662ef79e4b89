import type { Assessment } from './assessment.ts';

/** Fewer points than this are what time alone does to a score from one day to the next. */
export const NEWS_POINTS = 5;

/** Whether people who know the score of before should hear of the present one: another tier, or five points. */
export function isScoreNews(
  before: Pick<Assessment, 'tier' | 'points'>,
  after: Pick<Assessment, 'tier' | 'points'>,
): boolean {
  return before.tier !== after.tier || Math.abs(after.points - before.points) >= NEWS_POINTS;
}
