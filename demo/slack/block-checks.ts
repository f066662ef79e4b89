import { isRecord, type JsonRecord, listOf } from '../doubles/json.ts';
import { BLOCK_KIT_LIMITS } from './block-kit-limits.ts';

/** One broken limit, placed by JSON pointer as Slack does it: `/blocks/0/text/text`. */
export interface BlockError {
  pointer: string;
  message: string;
}

export type Report = (pointer: string, message: string) => void;

export interface TextRules {
  max: number;
  kind?: 'plain_text' | 'any';
}

export function checkString(
  report: Report,
  pointer: string,
  value: unknown,
  max: number,
  min = 0,
): void {
  if (value === undefined) return;
  if (typeof value !== 'string') {
    report(pointer, 'must be a string');
    return;
  }
  if (value.length > max) report(pointer, `must be less than ${max + 1} characters`);
  if (value.length < min) report(pointer, `must be more than ${min - 1} characters`);
}

export function checkKeys(
  report: Report,
  pointer: string,
  value: JsonRecord,
  allowed: readonly string[],
): void {
  for (const key of Object.keys(value)) {
    if (!allowed.includes(key)) report(pointer, `invalid additional property: ${key}`);
  }
}

export function checkText(
  report: Report,
  pointer: string,
  value: unknown,
  { max, kind = 'any' }: TextRules,
): void {
  if (!isRecord(value)) {
    report(pointer, 'missing required text object');
    return;
  }
  const isPlain = value.type === 'plain_text';
  if (!isPlain && value.type !== 'mrkdwn') report(`${pointer}/type`, 'unsupported text type');
  if (!isPlain && kind === 'plain_text') report(`${pointer}/type`, 'must be a plain_text object');
  checkKeys(
    report,
    pointer,
    value,
    isPlain ? ['type', 'text', 'emoji'] : ['type', 'text', 'verbatim'],
  );
  if (value.text === undefined) report(`${pointer}/text`, 'missing required field: text');
  checkString(report, `${pointer}/text`, value.text, max, 1);
}

export function checkOptionalText(
  report: Report,
  pointer: string,
  value: unknown,
  rules: TextRules,
): void {
  if (value !== undefined) checkText(report, pointer, value, rules);
}

/** Reports a list that is no list, too long or too short, and returns its members either way. */
export function checkList(
  report: Report,
  pointer: string,
  value: unknown,
  max: number,
  min = 1,
): readonly unknown[] {
  if (!Array.isArray(value)) {
    report(pointer, 'must be an array');
    return [];
  }
  if (value.length > max) report(pointer, `no more than ${max} items allowed`);
  if (value.length < min) report(pointer, `must contain at least ${min} items`);
  return listOf(value);
}

export function checkConfirm(report: Report, pointer: string, value: unknown): void {
  if (value === undefined) return;
  if (!isRecord(value)) {
    report(pointer, 'must be an object');
    return;
  }
  const limits = BLOCK_KIT_LIMITS.confirm;
  checkKeys(report, pointer, value, ['title', 'text', 'confirm', 'deny', 'style']);
  const plain = 'plain_text' as const;
  checkText(report, `${pointer}/title`, value.title, { max: limits.title, kind: plain });
  checkText(report, `${pointer}/text`, value.text, { max: limits.text });
  checkText(report, `${pointer}/confirm`, value.confirm, { max: limits.confirm, kind: plain });
  checkText(report, `${pointer}/deny`, value.deny, { max: limits.deny, kind: plain });
  checkStyle(report, pointer, value);
}

export function checkStyle(report: Report, pointer: string, { style }: JsonRecord): void {
  if (style !== undefined && style !== 'primary' && style !== 'danger') {
    report(`${pointer}/style`, 'must be primary or danger');
  }
}

/** A number, where there is one, within these bounds. */
export function checkRange(
  report: Report,
  pointer: string,
  value: unknown,
  min: number,
  max: number,
): void {
  if (value === undefined) return;
  if (typeof value !== 'number' || value < min || value > max) {
    report(pointer, `must be between ${min} and ${max}`);
  }
}

/** The sum of all `text` strings anywhere in a structure. */
export function countTextCharacters(value: unknown): number {
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, each) => sum + countTextCharacters(each), 0);
  }
  if (!isRecord(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, each]) =>
      sum + (key === 'text' && typeof each === 'string' ? each.length : countTextCharacters(each)),
    0,
  );
}
