import type { Assessment, MissingField, Reason, ReasonKind } from './assessment.ts';

/** One line of the why, as every surface shows it. Plain text on one line, unescaped. */
export interface ReasonLine {
  points: number;
  text: string;
  kind: ReasonKind;
  ruleId: string;
}

const AFTER_RULES: readonly ReasonKind[] = ['group', 'cap', 'clamp', 'certain', 'tier', 'unknown'];

/**
 * All lines in display order: rules by strength, each followed by its decay; then what groups, caps,
 * clamps and certainty did; then tiers; then what is unknown. Their points sum to the score.
 */
export function reasonLines(assessment: Assessment): ReasonLine[] {
  const { reasons } = assessment;
  const rules = reasons
    .filter((reason) => reason.kind === 'rule')
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || b.points - a.points);
  const withDecay = rules.flatMap((rule) => [
    rule,
    ...reasons.filter((reason) => reason.kind === 'decay' && reason.ruleId === rule.ruleId),
  ]);
  const others = AFTER_RULES.flatMap((kind) => reasons.filter((reason) => reason.kind === kind));
  return [...withDecay, ...others].map(asLine);
}

function asLine({ points, text, kind, ruleId }: Reason): ReasonLine {
  return { points, text, kind, ruleId };
}

/** The rule that adds most after decay; null when none adds anything. */
export function strongestFor(assessment: Assessment): ReasonLine | null {
  return strongest(assessment, (points) => points);
}

/** The rule that takes away most after decay; null when none takes anything away. */
export function strongestAgainst(assessment: Assessment): ReasonLine | null {
  return strongest(assessment, (points) => -points);
}

function strongest(assessment: Assessment, weigh: (points: number) => number): ReasonLine | null {
  let best: ReasonLine | null = null;
  for (const line of reasonLines(assessment)) {
    if (line.kind !== 'rule') continue;
    const decay = assessment.reasons.find(
      (reason) => reason.kind === 'decay' && reason.ruleId === line.ruleId,
    );
    const points = line.points + (decay?.points ?? 0);
    if (weigh(points) > weigh(best?.points ?? 0)) best = { ...line, points };
  }
  return best;
}

/** "company size (-5 to +20)". */
export function missingText({ label, min, max }: MissingField): string {
  if (min === 0 && max === 0) return label;
  return `${label} (${withSign(min)} to ${withSign(max)})`;
}

/** "62 points", or "62 points, between 47 and 82". */
export function pointsText({ points, range }: Pick<Assessment, 'points' | 'range'>): string {
  if (range.min === range.max) return `${points} points`;
  const about = range.approximate ? 'roughly ' : '';
  return `${points} points, ${about}between ${range.min} and ${range.max}`;
}

export function withSign(points: number): string {
  return points > 0 ? `+${points}` : String(points);
}
