import { TIERS, type Tier } from './assessment.ts';

/** What a new score means for somebody who overrode the one before. */
export type OverrideNews = 'agrees' | 'differs';

/**
 * Whether the rules came to agree with an override, or moved further from it: away from agreement, by more
 * tiers than before, or past it to the other side. Null: nothing that the person would want to hear; a step
 * nearer that does not reach it is none.
 */
export function overrideNews(before: Tier, after: Tier, override: Tier): OverrideNews | null {
  const was = TIERS.indexOf(before) - TIERS.indexOf(override);
  const is = TIERS.indexOf(after) - TIERS.indexOf(override);
  if (is === was) return null;
  if (is === 0) return 'agrees';
  const isOtherSide = is * was < 0;
  return isOtherSide || Math.abs(is) > Math.abs(was) ? 'differs' : null;
}
