import type { Assessment } from './assessment.ts';
import { headText, isVerdict, missingText, reasonLines, withSign } from './reason-lines.ts';
import { shorten } from './why-template.ts';

const MAX_LINE = 160;

/**
 * The why as plain text for a CRM field of `maxLength` characters (at least 80). Lines that do not fit
 * become one line with their sum, so that the lines always sum to the total.
 */
export function presentCrmText(assessment: Assessment, maxLength: number): string {
  const head = `${headText(assessment)}, rules v${assessment.rulesetVersion}`;
  const lines = reasonLines(assessment)
    .filter((line) => line.kind !== 'unknown' && !isVerdict(assessment, line))
    .map((line) => {
      return {
        points: line.points,
        text: shorten(`${withSign(line.points)} ${line.text}`, MAX_LINE),
      };
    });
  const total = `Total ${assessment.points}`;
  for (let shown = lines.length; shown >= 0; shown--) {
    const kept = lines.slice(0, shown).map((line) => line.text);
    const rest = restLine(lines.slice(shown).map((line) => line.points));
    const text = [head, ...kept, ...rest, total].join('\n');
    if (text.length <= maxLength) return withMissing(assessment, text, maxLength);
  }
  const bare = [...restLine(lines.map((line) => line.points)), total].join('\n');
  return bare.length <= maxLength ? bare : total.slice(0, maxLength);
}

function restLine(points: readonly number[]): string[] {
  if (points.length === 0) return [];
  const sum = points.reduce((all, one) => all + one, 0);
  return [`and ${points.length} more ${points.length === 1 ? 'line' : 'lines'}: ${withSign(sum)}`];
}

/** As many of the missing values as fit, those that could change most first. */
function withMissing({ missing }: Assessment, text: string, maxLength: number): string {
  const lines = missing.map((field) => shorten(missingText(field), MAX_LINE));
  for (let shown = lines.length; shown > 0; shown--) {
    const hidden = lines.length - shown;
    const rest = hidden === 0 ? [] : [`and ${hidden} more unknown`];
    const longer = [text, ...lines.slice(0, shown), ...rest].join('\n');
    if (longer.length <= maxLength) return longer;
  }
  return text;
}
