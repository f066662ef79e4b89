import { editDistance } from '../../../scoring/closest-name.ts';

/** Those of `known` that somebody may have meant, nearest first. */
export function closeMatches(input: string, known: readonly string[], limit = 2): string[] {
  const word = input.toLowerCase().slice(0, 40);
  if (word === '') return [];
  return known
    .map((name) => ({ name, typos: mostTypos(name) }))
    .map(({ name, typos }) => {
      const distance = name.startsWith(word) ? 0 : editDistance(word, name, typos + 1);
      return { name, typos, distance };
    })
    .filter(({ typos, distance }) => distance <= typos)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ name }) => name);
}

function mostTypos(name: string): number {
  return Math.max(1, Math.floor(name.length / 2.5));
}
