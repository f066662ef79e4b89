import type { Assessment } from './assessment.ts';
import type { NearMiss } from './near-misses.ts';
import {
  brokenLines,
  headText,
  isVerdict,
  missingText,
  possibleStopsText,
  reasonLines,
  withSign,
} from './reason-lines.ts';
import { oneOf } from './value-words.ts';

/**
 * The why for a terminal: signed points in a column, the total last, then what is missing and which single
 * change would lift the tier.
 */
export function presentTerminal(
  assessment: Assessment,
  nearMisses: readonly Pick<NearMiss, 'text'>[] = [],
): string {
  const lines = reasonLines(assessment).filter(
    (line) => line.kind !== 'unknown' && !isVerdict(assessment, line),
  );
  const width = Math.max(4, ...lines.map((line) => withSign(line.points).length));
  const row = (points: string, text: string) => `  ${points.padStart(width)}  ${text}`;
  const { fitPoints, intentPoints, points } = assessment;
  return [
    `${headText(assessment)} (fit ${fitPoints}, intent ${intentPoints})`,
    ...lines.map((line) => row(withSign(line.points), line.text)),
    `  ${'-'.repeat(width)}`,
    row(String(points), 'total'),
    ...missingSection(assessment),
    ...(nearMisses.length === 0 ? [] : ['What would lift it:']),
    ...nearMisses.map((miss) => `  ${miss.text}`),
  ].join('\n');
}

function missingSection(assessment: Assessment): string[] {
  const { missing, possibleTiers } = assessment;
  const broken = brokenLines(assessment);
  if (missing.length === 0 && broken.length === 0) return [];
  const tiers = possibleTiers.length > 1 ? [`Possible tiers: ${oneOf(possibleTiers)}`] : [];
  const lines = [
    ...missing.map(missingText),
    ...broken.map((line) => line.text),
    ...tiers,
    possibleStopsText(assessment) ?? [],
  ].flat();
  return ['Missing, and what it could change:', ...lines.map((line) => `  ${line}`)];
}
