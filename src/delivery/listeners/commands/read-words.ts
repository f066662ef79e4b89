import { oneLine } from '../../text/escape.ts';

/** What was typed after `/firstcall`, whatever keyboard typed it. */
export interface TypedWords {
  /** The first word, lower case; empty when nothing was said. */
  word: string;
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
  const word = asWord(first);
  if (word === COMMAND) return readWords(rest);
  return { word, rest: unquoted(rest) };
}

/** Splits a last word "share" off. */
export function takeShare(rest: string): { rest: string; share: boolean } {
  const match = /^(.*?)\s*(?:^|\s)(?:-{1,2}|\u2014)?share[.!]?$/i.exec(rest);
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
    .replace(/(?<=.)[?!.,:;]+$/, '')
    .toLowerCase();
}

function unquoted(text: string): string {
  return (QUOTED.exec(text)?.[1] ?? text).trim();
}
