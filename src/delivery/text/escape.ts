import { truncate } from './truncate.ts';

/** Controls apart from tab and newline, direction marks, invisible and interlinear characters. */
const UNSAFE =
  /(?![\t\n])\p{Cc}|[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB]/gu;
/** A few marks belong to real words; a hundred on one letter cover the lines above and below. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;
const ZERO_WIDTH_SPACE = '\u200B';

/** Free of what could hide, reorder or overprint text. Cleaned upstream too; nothing here relies on it. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(UNSAFE, '')
    .replace(PILED_MARKS, '$1');
}

/** Clean, on one line: a value cannot forge a second line of ours. */
export function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/gu, ' ').trim();
}

/** One clean line of at most `max` characters, for plain_text and rich_text, which parse nothing. */
export function fitLine(text: string, max: number): string {
  // A generous cut first, so that cleaning costs the same for any input.
  return truncate(oneLine(text.slice(0, max * 8 + 256)), max);
}

/**
 * Foreign text for mrkdwn and for a message's top-level `text`: cannot mention, link, format or become an
 * emoji. At most `max` characters after escaping, never cut inside an entity.
 */
export function escapeMrkdwn(text: string, max: number): string {
  const pieces: string[] = [];
  let length = 0;
  const points = [...fitLine(text, max)];
  for (const [index, point] of points.entries()) {
    const isFormat = FORMATTING.has(point) && !isWithinWord(points, index);
    const piece = ENTITIES[point] ?? (isFormat ? point + ZERO_WIDTH_SPACE : point);
    pieces.push(piece);
    length += piece.length;
  }
  if (length <= max) return pieces.join('');
  while (length > max - 1) length -= pieces.pop()?.length ?? length;
  return `${pieces.join('')}…`;
}

/**
 * "America/New_York", "kim_sample@example.com": an underscore between letters formats nothing, and people copy
 * these with every sign that stands in them.
 */
function isWithinWord(points: readonly string[], index: number): boolean {
  const isWord = (point: string | undefined) => point !== undefined && /^[A-Za-z0-9]$/.test(point);
  return points[index] === '_' && isWord(points[index - 1]) && isWord(points[index + 1]);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** Each starts formatting, or an emoji name, only when it touches the word after it. */
const FORMATTING: ReadonlySet<string> = new Set(['*', '_', '~', '`', ':']);
