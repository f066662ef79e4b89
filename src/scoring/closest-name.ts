/** The known name that the given one was most likely meant to be; undefined when none is close. */
export function closestName(
  name: string,
  known: Iterable<string>,
  mostTypos = allowedTypos(name),
): string | undefined {
  let best: string | undefined;
  let bestDistance = mostTypos + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A short name with two letters changed is another name. */
function allowedTypos(name: string): number {
  if (name.length <= 2) return 0;
  return name.length <= 4 ? 1 : Math.max(2, Math.floor(name.length / 3));
}

/** Levenshtein with swaps of neighbours, given up on (as `limit`) once it cannot be below it. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (last[j] ?? limit) + 1,
        (row[j - 1] ?? limit) + 1,
        (last[j - 1] ?? limit) + (same ? 0 : 1),
      );
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? limit) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? limit;
}
