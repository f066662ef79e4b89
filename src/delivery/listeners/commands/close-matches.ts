/** Those of `known` that somebody may have meant, nearest first. */
export function closeMatches(input: string, known: readonly string[], limit = 2): string[] {
  const word = input.toLowerCase().slice(0, 40);
  if (word === '') return [];
  return known
    .map((name) => ({ name, distance: name.startsWith(word) ? 0 : editDistance(word, name) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 2.5)))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ name }) => name);
}

/** Levenshtein: insertions, deletions and replacements that turn one word into the other. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(at(previous, j) + 1, at(row, j - 1) + 1, replaced));
    }
    previous = row;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
