import type { JsonRecord } from '../doubles/json.ts';
import { checkRange, checkString, type Report } from './block-checks.ts';
import { BLOCK_KIT_LIMITS } from './block-kit-limits.ts';

const LIMITS = BLOCK_KIT_LIMITS;

/** The form of each picker's initial value. */
const PICKED: Readonly<Record<string, readonly [string, RegExp, string]>> = {
  datepicker: ['initial_date', /^\d{4}-\d{2}-\d{2}$/, 'YYYY-MM-DD'],
  timepicker: ['initial_time', /^([01]\d|2[0-3]):[0-5]\d$/, 'HH:mm'],
  datetimepicker: ['initial_date_time', /^\d{10}$/, 'seconds in ten digits'],
};

export function checkTextInput(report: Report, pointer: string, input: JsonRecord): void {
  const limits = LIMITS.plainTextInput;
  checkRange(report, `${pointer}/min_length`, input.min_length, 0, limits.minLength);
  const { maxLengthMin, maxLength } = limits;
  checkRange(report, `${pointer}/max_length`, input.max_length, maxLengthMin, maxLength);
  if (Number(input.min_length ?? 0) > Number(input.max_length ?? Infinity)) {
    report(`${pointer}/min_length`, 'must not be greater than max_length');
  }
  checkString(report, `${pointer}/initial_value`, input.initial_value, limits.initialValue);
  if (String(input.initial_value ?? '').length > Number(input.max_length ?? Infinity)) {
    report(`${pointer}/initial_value`, 'must not be longer than max_length');
  }
}

export function checkNumberInput(report: Report, pointer: string, input: JsonRecord): void {
  if (typeof input.is_decimal_allowed !== 'boolean') {
    report(`${pointer}/is_decimal_allowed`, 'missing required field: is_decimal_allowed');
  }
  for (const key of ['initial_value', 'min_value', 'max_value']) {
    const value = input[key];
    if (value !== undefined && typeof value !== 'string') {
      report(`${pointer}/${key}`, 'must be a string');
    }
  }
  if (Number(input.min_value ?? -Infinity) > Number(input.max_value ?? Infinity)) {
    report(`${pointer}/min_value`, 'must not be greater than max_value');
  }
}

export function checkPicker(report: Report, pointer: string, picker: JsonRecord): void {
  const [key, form, name] = PICKED[String(picker.type)] ?? ['', /^/, ''];
  const initial = picker[key];
  if (initial !== undefined && !form.test(String(initial))) {
    report(`${pointer}/${key}`, `must be ${name}`);
  }
}

export function checkRichTextInput(report: Report, pointer: string, input: JsonRecord): void {
  const { linesMin, lines } = LIMITS.richTextInput;
  checkRange(report, `${pointer}/min_lines`, input.min_lines, linesMin, lines);
  checkRange(report, `${pointer}/max_lines`, input.max_lines, linesMin, lines);
}

export function checkFileInput(report: Report, pointer: string, input: JsonRecord): void {
  const { filesMin, files } = LIMITS.fileInput;
  checkRange(report, `${pointer}/max_files`, input.max_files, filesMin, files);
}
