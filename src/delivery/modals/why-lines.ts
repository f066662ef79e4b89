import type { RichTextElement } from '@slack/types';
import type { Axis, Reason } from '../../scoring/assessment.ts';
import { type FeatureValue, FIELD_NAMES, FIELDS } from '../../scoring/features.ts';
import { span } from '../blocks/kit.ts';
import { fitLine } from '../text/escape.ts';
import { LEAD_TEXT_LIMITS } from '../text/limits.ts';
import { signed } from '../text/numbers.ts';
import { WHY } from '../text/words.ts';

/** More lines than a person reads; the smallest beyond it are one line that still counts. */
const LINES_MAX = 150;

export interface WhyLine {
  axis: Axis | 'both';
  points: number;
  text: string;
}

/** The lines that carry points, strongest first within an axis; they sum to the score, exactly. */
export function scoreLines(reasons: readonly Reason[]): WhyLine[] {
  const counted = reasons
    .filter((reason) => reason.points !== 0)
    .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .map((reason): WhyLine => {
      const { points } = reason;
      return { axis: reason.axis ?? 'both', points, text: describe(reason) };
    });
  const shown = counted.slice(0, LINES_MAX);
  const folded = counted.slice(LINES_MAX);
  for (const axis of ['fit', 'intent', 'both'] as const) {
    const rest = folded.filter((line) => line.axis === axis);
    const points = rest.reduce((sum, line) => sum + line.points, 0);
    if (rest.length > 0) shown.push({ axis, points, text: WHY.folded(rest.length) });
  }
  return shown;
}

/** The rule's own sentence, and what was seen where the sentence does not say it. */
export function describe(reason: Reason): string {
  const said = fitLine(reason.text, LEAD_TEXT_LIMITS.reason) || fitLine(reason.ruleId, 100);
  const seen = reason.fields
    .filter(({ value }) => value !== null && !isNoEvidence(value))
    .flatMap(({ name, value }) => (value === null ? [] : [{ name, value: shown(value) }]))
    .filter(({ value }) => value !== '' && !said.toLowerCase().includes(value.toLowerCase()))
    .map(({ name, value }) => `${labelOf(name)}: ${value}`);
  return seen.length === 0 ? said : `${said} (${fitLine(seen.join(', '), 120)})`;
}

function shown(value: FeatureValue): string {
  return fitLine(Array.isArray(value) ? value.join(' and ') : String(value), 60);
}

/** A rule may ask for one of several things: what did not happen does not speak for its points. */
function isNoEvidence(value: FeatureValue): boolean {
  return value === 0 || value === false;
}

/** "company size", "pricing viewed in 30 days", "last pricing viewed". */
export function labelOf(field: string): string {
  const name = FIELD_NAMES.find((known) => known === field);
  if (name !== undefined) return FIELDS[name].label;
  const [, read, kind = '', amount, unit] =
    /^signals\.(count|has|last)\("(\w+)"(?:, (\d+)([dh]))?\)$/.exec(field) ?? [];
  if (read === undefined) return fitLine(field, 60);
  const words = kind.replaceAll('_', ' ');
  if (read === 'last') return WHY.lastSignal(words);
  return amount === undefined ? words : WHY.signalWithin(words, Number(amount), unit === 'h');
}

/** "+20 450 employees, our sweet spot" */
export function whyLine(line: { points: number; text: string }): RichTextElement[] {
  return [span(signed(line.points), 'bold'), span(` ${line.text}`)];
}
