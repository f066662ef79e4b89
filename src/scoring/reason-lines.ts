import type { Assessment, MissingField, Reason, ReasonKind } from './assessment.ts';
import { capitalised, codeWords } from './value-words.ts';
import { shorten } from './why-template.ts';

/** One line of the why, as every surface shows it. Plain text on one line, unescaped. */
export interface ReasonLine {
  points: number;
  text: string;
  kind: ReasonKind;
  ruleId: string;
}

const MAX_VERDICT = 120;
const AFTER_RULES: readonly ReasonKind[] = ['group', 'cap', 'clamp', 'certain', 'tier', 'unknown'];

/**
 * All lines in display order: rules by strength, each followed by its decay; then what groups, caps,
 * clamps and certainty did; then tiers; then what is unknown. Their points sum to the score.
 */
export function reasonLines(assessment: Assessment): ReasonLine[] {
  return inDisplayOrder(assessment.reasons).map(asLine);
}

/** The order of `reasonLines`. */
export function inDisplayOrder(reasons: readonly Reason[]): Reason[] {
  const rules = reasons
    .filter((reason) => reason.kind === 'rule')
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || b.points - a.points);
  const withDecay = rules.flatMap((rule) => [
    rule,
    ...reasons.filter((reason) => reason.kind === 'decay' && reason.ruleId === rule.ruleId),
  ]);
  const others = AFTER_RULES.flatMap((kind) => reasons.filter((reason) => reason.kind === kind));
  const strays = reasons.filter(
    ({ kind, ruleId }) => kind === 'decay' && !rules.some((rule) => rule.ruleId === ruleId),
  );
  return [...new Set([...withDecay, ...strays, ...others])];
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

/** "Company size unknown: could add 0 to 25 points". */
export function missingText({ label, min, max }: MissingField): string {
  return `${capitalised(label)} unknown: ${couldChange(min, max)}`;
}

function couldChange(min: number, max: number): string {
  if (min === 0 && max === 0) return 'changes no points by itself';
  if (min === 0) return `could add 0 to ${max} points`;
  if (max === 0) return `could take away 0 to ${-min} points`;
  return `could take away up to ${-min} points or add up to ${max}`;
}

/** "62 points", or "62 points, 47 to 82 once all is known". */
export function pointsText({ points, range }: Pick<Assessment, 'points' | 'range'>): string {
  const now = points === 1 ? '1 point' : `${points} points`;
  if (range.min === range.max) return now;
  const about = range.approximate ? 'about ' : '';
  return `${now}, ${about}${range.min} to ${range.max} once all is known`;
}

/** "Tier B, 62 points", or what disqualified it: "Disqualified: Works for a competitor. 62 points". */
export function headText(assessment: Assessment): string {
  const points = pointsText(assessment);
  const stop = verdictText(assessment);
  return stop === null ? `Tier ${assessment.tier}, ${points}` : `${stop}. ${points}`;
}

/** "Disqualified: Works for a competitor"; null when it is not. */
export function verdictText(assessment: Assessment): string | null {
  const { disqualified } = assessment;
  if (disqualified === null) return null;
  const said = assessment.reasons.find((reason) => isVerdict(assessment, reason))?.text;
  return shorten(said ?? `Disqualified: ${stopText(assessment, disqualified.code)}`, MAX_VERDICT);
}

/** Whether the verdict says this line already. */
export function isVerdict(
  { disqualified }: Pick<Assessment, 'disqualified'>,
  { kind, ruleId }: Pick<Reason, 'kind' | 'ruleId'>,
): boolean {
  return kind === 'tier' && ruleId === disqualified?.ruleId;
}

/** What people call a stop: "Works for a competitor". */
export function stopText({ codeLabels }: Pick<Assessment, 'codeLabels'>, code: string): string {
  const label = Object.entries(codeLabels ?? {}).find(([known]) => known === code)?.[1];
  return label ?? codeWords(code);
}

/** "Could still be disqualified: Works for a competitor; Looks for a job"; null when it could not, or is. */
export function possibleStopsText(assessment: Assessment): string | null {
  if (assessment.disqualified !== null) return null;
  const stops = assessment.possibleStops.map((code) => stopText(assessment, code));
  return stops.length === 0 ? null : `Could still be disqualified: ${stops.join('; ')}`;
}

/** Rules that no missing value explains: something in them cannot be worked out. */
export function brokenLines({ reasons }: Assessment): ReasonLine[] {
  return reasons
    .filter(({ kind, text }) => kind === 'unknown' && text.endsWith('cannot be worked out'))
    .map(asLine);
}

export function withSign(points: number): string {
  return points > 0 ? `+${points}` : String(points);
}
