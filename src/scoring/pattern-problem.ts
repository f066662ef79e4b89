/** What matches() cannot do, by what the pattern reader says of it. */
const REFUSED: readonly [RegExp, string, string?][] = [
  [
    /`\(\?(=|!|<=|<!)/,
    'The pattern looks ahead or behind, which matches() cannot do',
    'Join two conditions: lead.email_domain.endsWith(".edu") && !lead.email_domain.contains("mail").',
  ],
  [
    /invalid escape sequence: `\\[1-9]/,
    'The pattern refers back to a group, which matches() cannot do',
    'It reads a text once, from left to right, whatever the pattern.',
  ],
  [/invalid escape sequence: /, 'The pattern has a backslash before a sign that needs none'],
  [/missing closing \]/, 'A [ in the pattern is not closed'],
  [/missing closing \)/, 'A ( in the pattern is not closed'],
  [/unexpected \)/, 'The pattern has a ) too many'],
  [
    /missing argument to repetition operator/,
    'In the pattern, *, + or ? has nothing before it',
    'For any text write .*',
  ],
  [/invalid nested repetition operator/, 'The pattern repeats a repetition: **, ++ or similar'],
  [
    /invalid repeat count|expression too large/,
    'The pattern repeats something more than 1000 times',
  ],
  [
    /invalid character class range/,
    'A range in the pattern runs backwards: write [a-z], not [z-a]',
  ],
];

/** @param error what the RE2 library threw */
export function patternProblem(error: unknown): { message: string; hint?: string | undefined } {
  const why = error instanceof Error ? error.message : 'not readable';
  const known = REFUSED.find(([sign]) => sign.test(why));
  if (known !== undefined) return { message: known[1], hint: known[2] };
  return { message: `Not a pattern: ${why.replace('error parsing regexp: ', '')}` };
}
