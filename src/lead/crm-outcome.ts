export const OUTCOMES = ['contacted', 'converted', 'won', 'lost', 'disqualified'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** By words of the pick-list value, the more telling first. */
const MEANINGS: readonly [RegExp, Outcome][] = [
  [/\bnot converted\b|\blost\b/, 'lost'],
  [/\bunqualified\b|\bdisqualified\b|\bjunk\b|\bspam\b/, 'disqualified'],
  [/\bconverted\b/, 'converted'],
  [/\bwon\b/, 'won'],
];
const CONTACTED = /^(working\b|contacted$|nurturing$)/;

/**
 * What a CRM lead status says came of the lead: "Closed - Converted", "Closed - Not Converted", "Closed - Won",
 * "Unqualified". Null while nothing has, or when the status says no more than that it is closed.
 */
export function crmOutcome(status: string | null): Outcome | null {
  const text =
    status
      ?.toLowerCase()
      .replace(/[\s_-]+/g, ' ')
      .trim() ?? '';
  if (CONTACTED.test(text)) return 'contacted';
  return MEANINGS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
