import { type Expression, type SqlBool, sql } from 'kysely';

const BETWEEN_WORDS = /[\s,;:()[\]"“”„«»…·]+/u;
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;
const MOST_WORDS = 10;

/**
 * Leads whose id, name, title, company or e-mail hold every word, in any order: what a list shows can be typed
 * in part, or copied whole. Null: too little was said to look for.
 */
export function matchesWords(text: string): Expression<SqlBool> | null {
  const words = text.split(BETWEEN_WORDS).filter((word) => SAYS_SOMETHING.test(word));
  if (words.join('').length < 2) return null;
  const patterns = words.slice(0, MOST_WORDS).map((word) => `%${escapeLike(word)}%`);
  return sql<SqlBool>`concat_ws(' ', leads.short_id, leads.profile ->> 'firstName',
    leads.profile ->> 'lastName', leads.profile ->> 'title', leads.profile ->> 'company',
    leads.profile ->> 'email') ilike all(${patterns}::text[])`;
}

function escapeLike(word: string): string {
  return word.replaceAll(/[\\%_]/g, (mark) => `\\${mark}`);
}
