import type { RichTextElement } from '@slack/types';
import type { Axis, Reason } from '../../scoring/assessment.ts';
import { type FeatureValue, FIELD_NAMES, FIELDS } from '../../scoring/features.ts';
import { inDisplayOrder } from '../../scoring/reason-lines.ts';
import { valueWords } from '../../scoring/value-words.ts';
import { formatNumber } from '../../scoring/why-template.ts';
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

/**
 * The lines that carry points, in the order of every why: the strongest rule first, each followed by what
 * time took from it, then groups and caps. They sum to the score, exactly.
 */
export function scoreLines(reasons: readonly Reason[]): WhyLine[] {
  const counted = inDisplayOrder(reasons.filter((reason) => reason.points !== 0));
  const strongest = new Set(
    counted.toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points)).slice(0, LINES_MAX),
  );
  const shown = counted
    .filter((reason) => strongest.has(reason))
    .map((reason): WhyLine => {
      const { points } = reason;
      return { axis: reason.axis ?? 'both', points, text: describe(reason) };
    });
  const folded = counted
    .filter((reason) => !strongest.has(reason))
    .map(({ axis, points }) => ({ axis: axis ?? 'both', points }));
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
  // What time took away says when by itself.
  const seen = (reason.kind === 'decay' ? [] : reason.fields)
    .filter(({ value }) => value !== null && !isNoEvidence(value))
    .flatMap(({ name, value }) => (value === null ? [] : [{ name, value: shown(name, value) }]))
    .filter(({ value }) => value !== '' && !said.toLowerCase().includes(value.toLowerCase()))
    .map(({ name, value }) => `${labelOf(name)}: ${value}`);
  return seen.length === 0 ? said : `${said} (${fitLine(seen.join(', '), 120)})`;
}

function shown(field: string, value: FeatureValue): string {
  if (typeof value === 'number') return formatNumber(value);
  const texts = Array.isArray(value) ? value : [String(value)];
  const words = texts.map((text) => valueWords(field, dayOf(text)));
  return fitLine(
    [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' and '),
    80,
  );
}

/** A time as its day; any other text as it is. */
function dayOf(text: string): string {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? text.slice(0, 10) : text;
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
