import { oneLine } from '../../text/escape.ts';

/** What was typed after `/firstcall`, whatever keyboard typed it. */
export interface TypedWords {
  /** The first word, lower case; empty when nothing was said. */
  word: string;
  /** The same in its own letters: what is said back. */
  typed: string;
  /** It ended in a question mark. */
  asks: boolean;
  /** What follows, on one line, without quotes around it. */
  rest: string;
}

const LONGEST = 500;
const FULL_WIDTH = /[\uFF01-\uFF5E]/g;
const DASHES = /[\u2010-\u2015\u2212]/g;
const QUOTES = '"\'`\u00AB\u00BB\u2018-\u201F\u2039\u203A';
const QUOTED = new RegExp(`^[${QUOTES}]+([^${QUOTES}]*)[${QUOTES}]+$`, 'u');
const QUOTES_AROUND = new RegExp(`^[${QUOTES}]+|[${QUOTES}]+$`, 'gu');
const COMMAND = 'firstcall';

/** Quotes, extra spaces, capitals, full-width letters, a slash too many and punctuation do not matter. */
export function readWords(text: string): TypedWords {
  const line = unquoted(plainLetters(text.slice(0, LONGEST)));
  const [first = ''] = line.split(' ', 1);
  const rest = line.slice(first.length).trim();
  const typed = asWord(first);
  const word = typed.toLowerCase();
  if (word === COMMAND) return readWords(rest);
  return { word, typed, asks: /.\?[!?.]*$/.test(first), rest: unquoted(rest) };
}

const SHARE_LAST = /^(.*?)\s*(?:^|\s)(?:-{1,2}|\u2014)?share[.!]?$/i;
const SHARE_FIRST = /^(?:-{1,2}|\u2014)?share\s+(.*)$/i;

/** Splits a word "share" off at the end, and before the rest where that can only mean to share. */
export function takeShare(rest: string, alsoFirst: boolean): { rest: string; share: boolean } {
  const match = SHARE_LAST.exec(rest) ?? (alsoFirst ? SHARE_FIRST.exec(rest) : null);
  return match === null ? { rest, share: false } : { rest: unquoted(match[1] ?? ''), share: true };
}

/** Does somebody ask what this command does, rather than for what it gives? */
export function asksForHelp(rest: string): boolean {
  return /^(?:-{1,2}|\u2014)?(?:help|h|\?)$|^\?$/i.test(rest);
}

/** Slack sends &, < and > as entities; a person or channel that it resolved stays `<@U...>`. */
function plainLetters(text: string): string {
  const ascii = text.replace(FULL_WIDTH, (letter) =>
    String.fromCodePoint((letter.codePointAt(0) ?? 0) - 0xfee0),
  );
  const decoded = ascii.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return oneLine(decoded);
}

function asWord(first: string): string {
  return first
    .replace(DASHES, '-')
    .replace(QUOTES_AROUND, '')
    .replace(/^\/+/, '')
    .replace(/(?<=.)[?!.,:;]+$/, '');
}

function unquoted(text: string): string {
  return (QUOTED.exec(text)?.[1] ?? text).trim();
}
