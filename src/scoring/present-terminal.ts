import type { Assessment } from './assessment.ts';
import { missingText, pointsText, reasonLines, withSign } from './reason-lines.ts';

/** The why for a terminal: signed points in a column, the total last, then what is missing. */
export function presentTerminal(assessment: Assessment): string {
  const lines = reasonLines(assessment).filter((line) => line.kind !== 'unknown');
  const width = Math.max(4, ...lines.map((line) => withSign(line.points).length));
  const row = (points: string, text: string) => `  ${points.padStart(width)}  ${text}`;
  const { tier, fitPoints, intentPoints, points, disqualified } = assessment;
  const head = disqualified === null ? `Tier ${tier}` : `Disqualified (${disqualified.code})`;
  return [
    `${head}: ${pointsText(assessment)} (fit ${fitPoints}, intent ${intentPoints})`,
    ...lines.map((line) => row(withSign(line.points), line.text)),
    `  ${'-'.repeat(width)}`,
    row(String(points), 'total'),
    ...missingSection(assessment),
  ].join('\n');
}

function missingSection(assessment: Assessment): string[] {
  const { missing, possibleTiers, possibleStops } = assessment;
  const broken = assessment.reasons.filter(
    (reason) => reason.kind === 'unknown' && reason.text.endsWith('cannot be worked out'),
  );
  if (missing.length === 0 && broken.length === 0) return [];
  const tiers = possibleTiers.length > 1 ? [`  Possible tiers: ${possibleTiers.join(', ')}`] : [];
  const stops =
    possibleStops.length > 0 ? [`  Could be disqualified: ${possibleStops.join(', ')}`] : [];
  return [
    'Missing, and what it could change:',
    ...missing.map((field) => `  ${missingText(field)}`),
    ...broken.map((reason) => `  ${reason.text}`),
    ...tiers,
    ...stops,
  ];
}
