/** Typing mistakes that we still take for the name that was meant. */
const MOST_MISTAKES = 2;

/** The known name that somebody seems to have mistyped; undefined when it is spelled right or is another word. */
export function nearMiss(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return undefined;
  const [closest] = known
    .map((right) => ({ right, mistakes: mistakesBetween(name, right) }))
    .filter(({ mistakes }) => mistakes <= MOST_MISTAKES)
    .sort((a, b) => a.mistakes - b.mistakes);
  return closest?.right;
}

/** Levenshtein's distance; anything far beyond the limit is only said to be more than it. */
function mistakesBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MOST_MISTAKES) return MOST_MISTAKES + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const row = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const replaced = (previous[j] ?? 0) + (letter === other ? 0 : 1);
      row.push(Math.min((previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1, replaced));
    }
    previous = row;
  }
  return previous.at(-1) ?? 0;
}
