import { foldText } from './fold-text.ts';

/** Phrases of up to four folded words, each standing for a value. */
export interface PhraseIndex<T> {
  byPhrase: ReadonlyMap<string, T>;
}

const LONGEST_PHRASE = 4;

export function phraseIndex<T extends string>(
  lists: Readonly<Partial<Record<T, string>>>,
): PhraseIndex<T> {
  const byPhrase = new Map<string, T>();
  for (const [value, list] of Object.entries(lists) as [T, string][]) {
    for (const phrase of list.split(/[,\n]/)) {
      const key = foldText(phrase);
      if (key !== '') byPhrase.set(key, value);
    }
  }
  return { byPhrase };
}

/** Values of the phrases found in these words, in order of appearance. Linear in the number of words. */
export function matchPhrases<T>(words: readonly string[], index: PhraseIndex<T>): T[] {
  const found: T[] = [];
  for (let start = 0; start < words.length; start++) {
    // The longest phrase wins and uses up its words: "vice president" is no "president".
    for (let length = LONGEST_PHRASE; length > 0; length--) {
      if (start + length > words.length) continue;
      const value = index.byPhrase.get(words.slice(start, start + length).join(' '));
      if (value === undefined) continue;
      found.push(value);
      start += length - 1;
      break;
    }
  }
  return found;
}

export function wordsOf(text: string): string[] {
  const folded = foldText(text);
  return folded === '' ? [] : folded.split(' ');
}
