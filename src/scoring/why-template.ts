import { TIMESTAMP } from './cel-environment.ts';
import {
  type CompiledExpression,
  compileExpression,
  type ExpressionContext,
} from './compile-condition.ts';
import { NEVER, type Value } from './slots.ts';
import { valueWords } from './value-words.ts';

/** A `why` sentence: fixed text and expressions to fill in, in order. */
export interface WhyTemplate {
  parts: readonly (string | WhyPart)[];
  /** The whole sentence, where there is nothing to fill in. */
  fixed: string | null;
}

interface WhyPart extends CompiledExpression {
  /** Names of the fields that it reads: their codes are filled in as words. */
  fields: readonly string[];
}

export type TemplateResult =
  | { ok: true; template: WhyTemplate }
  | { ok: false; message: string; hint: string | undefined; start: number };

/** `{expression}` is filled in; `{{` and `}}` stand for a brace. */
export function compileWhy(context: ExpressionContext, text: string): TemplateResult {
  const parts: (string | WhyPart)[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    if (two === '{{' || two === '}}') {
      literal += two[0];
      at += 2;
      continue;
    }
    if (text[at] === '}') return unbalanced(at);
    if (text[at] !== '{') {
      literal += text[at++];
      continue;
    }
    const end = text.indexOf('}', at);
    if (end === -1) return unbalanced(at);
    const result = compileExpression(context, text.slice(at + 1, end), 'any');
    if (!result.ok) {
      const { message, hint } = result;
      return { ok: false, message, hint, start: at + 1 + result.start };
    }
    parts.push(literal, { ...result.expression, fields: fieldsOf(context, result.expression) });
    literal = '';
    at = end + 1;
  }
  parts.push(literal);
  const isFixed = parts.every((part) => typeof part === 'string');
  return { ok: true, template: { parts, fixed: isFixed ? plainText(parts.join('')) : null } };
}

/** The sentence without a lead: "… employees, our sweet spot". */
export function whyOutline(text: string): string {
  return text.replaceAll(/\{\{|\}\}|\{[^}]*\}/g, (part) =>
    part === '{{' || part === '}}' ? part.charAt(0) : '…',
  );
}

function fieldsOf({ table }: ExpressionContext, { reads }: CompiledExpression): string[] {
  return reads.flatMap((index) => {
    const slot = table.slots[index];
    return slot?.kind === 'field' ? [slot.name] : [];
  });
}

function unbalanced(start: number): TemplateResult {
  const hint = 'Write {company.employees} to fill in a value, {{ for a brace.';
  return { ok: false, message: 'A brace is not closed', hint, start };
}

export function fillWhy(template: WhyTemplate, values: Value[], now: number): string {
  const filled = template.parts.map((part) =>
    typeof part === 'string' ? part : formatValue(part.run(values, now), part.type, part.fields),
  );
  return filled.join('').trim();
}

const MAX_VALUE = 80;
const DAY_MS = 86_400_000;

/**
 * How a value reads in a sentence: 1,200 for numbers, a day for times, "unknown" for what is missing, words
 * for the codes of these fields.
 */
export function formatValue(value: Value, type = '', fields: readonly string[] = []): string {
  if (value === undefined) return 'unknown';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (type === TIMESTAMP) return formatTime(value);
    return type.endsWith('.Duration') ? formatSpan(value) : formatNumber(value);
  }
  const items = typeof value === 'string' ? [value] : value.map((item) => String(item));
  const text = items
    .map((item) => fields.reduce((code, field) => valueWords(field, code), item))
    .join(', ');
  return shorten(plainText(text), MAX_VALUE);
}

export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && value >= 0 && value < 1e6) return smallInteger(value);
  const size = Math.abs(value);
  if (size >= 1e15) return String(value);
  const [whole = '', fraction] = String(size).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  const sign = value < 0 ? '-' : '';
  return fraction === undefined ? `${sign}${grouped}` : `${sign}${grouped}.${fraction}`;
}

/** What most numbers are, without a regular expression. */
function smallInteger(value: number): string {
  if (value < 1000) return String(value);
  const rest = value % 1000;
  return `${(value - rest) / 1000},${String(rest).padStart(3, '0')}`;
}

function formatTime(ms: number): string {
  if (ms === NEVER) return 'never';
  return Math.abs(ms) > 8.64e15 ? 'unknown' : new Date(ms).toISOString().slice(0, 10);
}

function formatSpan(ms: number): string {
  const days = Math.floor(Math.abs(ms) / DAY_MS);
  if (days >= 1) return days === 1 ? '1 day' : `${formatNumber(days)} days`;
  const hours = Math.floor(Math.abs(ms) / 3_600_000);
  return hours === 1 ? '1 hour' : `${hours} hours`;
}

// Line breaks would cut a line of the why in two; format characters hide or reorder what people read.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu;

/** Lead text that stays on its line: without control, bidirectional and zero-width characters. */
export function plainText(text: string): string {
  return text.replace(HIDDEN, ' ').trim();
}

export function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
