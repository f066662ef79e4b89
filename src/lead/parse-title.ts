import type { JobFunction, Seniority } from './lead.ts';
import { matchPhrases, wordsOf } from './match-phrases.ts';
import { FUNCTION_PHRASES, SENIORITY_PHRASES } from './title-words.ts';

export interface ParsedTitle {
  seniority: Seniority | null;
  jobFunction: JobFunction | null;
}

// The most senior part of "CTO / Co-founder" counts; being a student outweighs a side job.
const BY_RANK: readonly Seniority[] = ['student', 'c_level', 'vp', 'director', 'manager', 'staff'];
// These count before any other function, these only when nothing narrower is named ("sales engineer").
const FIRST: readonly JobFunction[] = ['revops', 'executive'];
const LAST: readonly JobFunction[] = ['engineering', 'operations', 'other'];

/** What a job title says of rank and field; null for what it does not say in words that we know. */
export function parseTitle(title: string): ParsedTitle {
  const words = mendTitleWords(wordsOf(title.slice(0, 300)));
  const seniority = seniorityOf(words);
  const functions = new Set(
    matchPhrases(words, FUNCTION_PHRASES).filter((name) => name !== 'none'),
  );
  // Lower-cased, "IT" is also a pronoun and a country: the capitals tell.
  if (/(^|[^\p{L}])IT([^\p{L}]|$)/u.test(title)) functions.add('it');
  return { seniority, jobFunction: mostTelling([...functions]) };
}

/** @param found in order of appearance: "Sales and Marketing" is sales. */
function mostTelling(found: readonly JobFunction[]): JobFunction | null {
  const narrow = found.find((name) => !FIRST.includes(name) && !LAST.includes(name));
  const pick = (names: readonly JobFunction[]) => names.find((name) => found.includes(name));
  return pick(FIRST) ?? narrow ?? pick(LAST) ?? null;
}

function seniorityOf(words: readonly string[]): Seniority | null {
  const found = new Set(matchPhrases(words, SENIORITY_PHRASES));
  // "Assistant to the CEO" is nobody's chief.
  if (found.has('assistant')) return 'staff';
  return BY_RANK.find((name) => found.has(name)) ?? null;
}

/** "Chief Happiness Officer" becomes "chief officer", "V.P." becomes "vp": then phrases can match. */
function mendTitleWords(words: readonly string[]): string[] {
  const joined = words
    .join(' ')
    .replace(/\bv p\b/g, 'vp')
    .replace(/\bc ([etfoimr]) o\b/g, 'c$1o');
  const mended = joined === '' ? [] : joined.split(' ');
  const chief = mended.indexOf('chief');
  const officer = mended.indexOf('officer', chief + 1);
  if (chief === -1 || officer === -1 || officer - chief > 4) return mended;
  return [...mended.slice(0, officer + 1), 'chief', 'officer', ...mended.slice(officer + 1)];
}
