const ELLIPSIS = '…';
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * At most `max` UTF-16 units, an ellipsis where something was cut. Never splits what a reader sees as one
 * character, unless that one character alone is longer than `max`: then it is cut between code points.
 */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max < 1) return '';
  const room = max - ELLIPSIS.length;
  return (fitGraphemes(text, room) || fitCodePoints(text, room)).trimEnd() + ELLIPSIS;
}

function fitGraphemes(text: string, room: number): string {
  // Segmenting only what can fit keeps a 10,000-character name as cheap as a short one.
  let kept = '';
  for (const { segment } of segmenter.segment(text.slice(0, room + 32))) {
    if (kept.length + segment.length > room) break;
    kept += segment;
  }
  return kept;
}

function fitCodePoints(text: string, room: number): string {
  let kept = '';
  for (const point of text) {
    if (kept.length + point.length > room) break;
    kept += point;
  }
  return kept;
}
