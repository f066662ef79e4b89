import type { QualityNote } from './lead.ts';

export interface CleanText {
  /** Null when nothing readable is left. */
  text: string | null;
  problems: QualityNote['problem'][];
}

export interface CleanTextOptions {
  /** In code points. */
  maxLength: number;
  /** Keep single line breaks (messages); otherwise they become spaces. */
  multiline?: boolean;
}

// Control characters but tab and line breaks; bidi marks, overrides and isolates; zero-width and other
// invisible format characters; tag characters; non-characters. Joiners are judged by their neighbour below.
const HIDDEN =
  /[\p{Cc}--[\t\n\v\f\r\u0085]]|[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e0fff}]/gv;
// Persian, Urdu and Indic names, and joined emoji, are spelled with joiners: elsewhere they only hide.
const STRAY_JOINER =
  /(?<!\ufe0f|[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Extended_Pictographic}])[\u200c\u200d]+/gu;
// Blank-looking letters (Hangul fillers, empty Braille) count as spaces.
const SPACES = /[\s\u0085\u115f\u1160\u2800\u3164\uffa0]+/gu;
const INLINE_SPACES = /[[\s\u0085\u115f\u1160\u2800\u3164\uffa0]--[\n]]+/gv;
const LINE_BREAKS = /\r\n?|[\u0085\u2028\u2029]/gu;
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** What most fields hold: words of plain ASCII with single spaces. Nothing below would change it. */
const PLAIN = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;

/** Makes hostile text safe to store and show: same words, nothing hidden, bounded. Linear in its length. */
export function cleanText(raw: string, options: CleanTextOptions): CleanText {
  if (raw === '') return { text: null, problems: [] };
  if (raw.length <= options.maxLength && PLAIN.test(raw)) return { text: raw, problems: [] };
  const problems: QualityNote['problem'][] = [];
  // Bounded before any other work; the slack lets hidden characters go without eating into the limit.
  const bounded = raw.slice(0, options.maxLength * 8);
  const visible = bounded.toWellFormed().replace(HIDDEN, '').replace(STRAY_JOINER, '');
  if (visible.length !== bounded.length) problems.push('hidden_characters');
  const composed = visible.normalize('NFC').replace(STACKED_MARKS, '$1');
  const spaced = options.multiline ? collapseLines(composed) : composed.replace(SPACES, ' ').trim();
  const text = truncate(spaced, options.maxLength);
  if (text !== spaced || bounded !== raw) problems.push('truncated');
  return { text: text === '' ? null : text, problems };
}

function collapseLines(text: string): string {
  return text
    .replace(LINE_BREAKS, '\n')
    .replace(INLINE_SPACES, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function truncate(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const points = Array.from(text);
  return points.length <= maxLength ? text : points.slice(0, maxLength).join('').trimEnd();
}

const PLACEHOLDERS = new Set([
  'n/a',
  '#n/a',
  '[not provided]',
  'not provided',
  'not specified',
  'unknown',
  'undefined',
  'null',
  'none',
  'nil',
  'tbd',
  '[[unknown]]',
]);

/** "n/a", "[not provided]" and a lone dash are ways of saying nothing. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDERS.has(text.toLowerCase()) || !/[\p{L}\p{N}]/u.test(text);
}
