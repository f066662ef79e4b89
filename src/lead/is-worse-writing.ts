import { foldText } from './fold-text.ts';

/**
 * Whether `later` is the same name written worse: shouted, in small letters or without its accents. Spacing
 * alone says nothing of which is better.
 */
export function isWorseWriting(name: string, later: string): boolean {
  const same = bare(name);
  return same !== '' && same === bare(later) && care(later) < care(name);
}

function bare(name: string): string {
  return foldText(name).replaceAll(' ', '');
}

/** Capitals where they belong count for more than accents. */
function care(name: string): number {
  const letters = name.replace(/\P{L}+/gu, '');
  const isOneCase =
    letters.length > 1 && (letters === letters.toUpperCase() || letters === letters.toLowerCase());
  // A script without capitals is written as it should be.
  const hasCase = letters.toUpperCase() !== letters.toLowerCase();
  return (isOneCase && hasCase ? 0 : 2) + (/\P{ASCII}/u.test(letters) ? 1 : 0);
}
