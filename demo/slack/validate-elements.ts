import { isRecord, type JsonRecord } from '../doubles/json.ts';
import {
  checkConfirm,
  checkKeys,
  checkList,
  checkOptionalText,
  checkString,
  checkText,
  type Report,
} from './block-checks.ts';
import { BLOCK_KIT_LIMITS } from './block-kit-limits.ts';

type ElementCheck = (report: Report, pointer: string, element: JsonRecord) => void;

const LIMITS = BLOCK_KIT_LIMITS;
const PLAIN = 'plain_text' as const;

const SELECTS = [
  'static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
  'multi_static_select',
  'multi_external_select',
  'multi_users_select',
  'multi_conversations_select',
  'multi_channels_select',
] as const;

const PICKERS = ['datepicker', 'datetimepicker', 'timepicker'] as const;
const CHOICES = ['checkboxes', 'radio_buttons'] as const;

/** Which elements each place takes. */
export const ELEMENTS_BY_PLACE: Readonly<Record<string, readonly string[]>> = {
  accessory: ['button', 'image', 'overflow', ...CHOICES, ...PICKERS, ...SELECTS],
  actions: ['button', 'overflow', ...CHOICES, ...PICKERS, ...SELECTS],
  contextActions: ['feedback_buttons', 'icon_button'],
  input: [
    ...CHOICES,
    ...PICKERS,
    ...SELECTS,
    'plain_text_input',
    'rich_text_input',
    'email_text_input',
    'url_text_input',
    'number_input',
    'file_input',
  ],
};

const CHECKS: Readonly<Record<string, ElementCheck>> = {
  button: checkButton,
  overflow: checkOverflow,
  image: checkImageElement,
  plain_text_input: checkTextInput,
  email_text_input: checkTextInput,
  url_text_input: checkTextInput,
  number_input: checkNumberInput,
  ...Object.fromEntries(CHOICES.map((type) => [type, checkChoice])),
  ...Object.fromEntries(SELECTS.map((type) => [type, checkSelect])),
};

/** Checks one interactive element (or image) in the place where it stands. */
export function checkElement(
  report: Report,
  pointer: string,
  value: unknown,
  place: keyof typeof ELEMENTS_BY_PLACE,
): void {
  if (!isRecord(value)) {
    report(pointer, 'must be an object');
    return;
  }
  const type = String(value.type);
  if (ELEMENTS_BY_PLACE[place]?.includes(type) !== true) {
    report(`${pointer}/type`, `unsupported type: ${type}`);
    return;
  }
  checkString(report, `${pointer}/action_id`, value.action_id, LIMITS.actionId, 1);
  checkOptionalText(report, `${pointer}/placeholder`, value.placeholder, {
    max: LIMITS.placeholder,
    kind: PLAIN,
  });
  checkConfirm(report, `${pointer}/confirm`, value.confirm);
  CHECKS[type]?.(report, pointer, value);
}

function checkButton(report: Report, pointer: string, button: JsonRecord): void {
  const limits = LIMITS.button;
  const allowed = 'type text action_id url value style confirm accessibility_label'.split(' ');
  checkKeys(report, pointer, button, allowed);
  checkText(report, `${pointer}/text`, button.text, { max: limits.text, kind: PLAIN });
  checkString(report, `${pointer}/value`, button.value, limits.value, 1);
  checkString(report, `${pointer}/url`, button.url, limits.url, 1);
  const label = button.accessibility_label;
  checkString(report, `${pointer}/accessibility_label`, label, limits.accessibilityLabel, 1);
  if (button.style !== undefined && button.style !== 'primary' && button.style !== 'danger') {
    report(`${pointer}/style`, 'must be primary or danger');
  }
}

function checkOverflow(report: Report, pointer: string, overflow: JsonRecord): void {
  checkKeys(report, pointer, overflow, ['type', 'action_id', 'options', 'confirm']);
  const max = LIMITS.overflow.options;
  const options = checkList(report, `${pointer}/options`, overflow.options, max);
  for (const [index, option] of options.entries()) {
    checkOption(report, `${pointer}/options/${index}`, option, { url: true, markdown: false });
  }
}

function checkChoice(report: Report, pointer: string, element: JsonRecord): void {
  const max = LIMITS.choice.options;
  const options = checkList(report, `${pointer}/options`, element.options, max);
  for (const [index, option] of options.entries()) {
    checkOption(report, `${pointer}/options/${index}`, option, { url: false, markdown: true });
  }
  checkInitial(report, pointer, element, options);
}

function checkSelect(report: Report, pointer: string, select: JsonRecord): void {
  const maxSelected = select.max_selected_items;
  if (maxSelected !== undefined && !(typeof maxSelected === 'number' && maxSelected >= 1)) {
    report(`${pointer}/max_selected_items`, 'must be at least 1');
  }
  if (!String(select.type).endsWith('static_select')) return;
  if ((select.options === undefined) === (select.option_groups === undefined)) {
    report(pointer, 'must have either options or option_groups');
    return;
  }
  const options =
    select.options === undefined
      ? checkOptionGroups(report, `${pointer}/option_groups`, select.option_groups)
      : checkOptions(report, `${pointer}/options`, select.options, LIMITS.select.options);
  checkInitial(report, pointer, select, options);
}

function checkOptions(
  report: Report,
  pointer: string,
  value: unknown,
  max: number,
): readonly unknown[] {
  const options = checkList(report, pointer, value, max);
  for (const [index, option] of options.entries()) {
    checkOption(report, `${pointer}/${index}`, option, { url: false, markdown: false });
  }
  return options;
}

function checkOptionGroups(report: Report, pointer: string, value: unknown): readonly unknown[] {
  const limits = LIMITS.optionGroup;
  return checkList(report, pointer, value, limits.groups).flatMap((group, index) => {
    if (!isRecord(group)) {
      report(`${pointer}/${index}`, 'must be an object');
      return [];
    }
    const label = { max: limits.label, kind: PLAIN };
    checkText(report, `${pointer}/${index}/label`, group.label, label);
    return checkOptions(report, `${pointer}/${index}/options`, group.options, limits.options);
  });
}

function checkOption(
  report: Report,
  pointer: string,
  value: unknown,
  allow: { url: boolean; markdown: boolean },
): void {
  if (!isRecord(value)) {
    report(pointer, 'must be an object');
    return;
  }
  const limits = LIMITS.option;
  const keys = ['text', 'value', 'description', ...(allow.url ? ['url'] : [])];
  checkKeys(report, pointer, value, keys);
  const kind = allow.markdown ? 'any' : PLAIN;
  checkText(report, `${pointer}/text`, value.text, { max: limits.text, kind });
  const description = { max: limits.description, kind } as const;
  checkOptionalText(report, `${pointer}/description`, value.description, description);
  if (value.value === undefined) report(`${pointer}/value`, 'missing required field: value');
  checkString(report, `${pointer}/value`, value.value, limits.value, 1);
  checkString(report, `${pointer}/url`, value.url, limits.url, 1);
}

/** An initial option must equal one of the options, text and all. */
function checkInitial(
  report: Report,
  pointer: string,
  element: JsonRecord,
  options: readonly unknown[],
): void {
  const known = new Set(options.map((option) => JSON.stringify(option)));
  const initial = element.initial_option;
  if (initial !== undefined && !known.has(JSON.stringify(initial))) {
    report(`${pointer}/initial_option`, 'must be one of the options');
  }
  if (element.initial_options === undefined) return;
  const listed = checkList(report, `${pointer}/initial_options`, element.initial_options, 100);
  for (const [index, option] of listed.entries()) {
    if (!known.has(JSON.stringify(option))) {
      report(`${pointer}/initial_options/${index}`, 'must be one of the options');
    }
  }
}

export function checkImageElement(report: Report, pointer: string, image: JsonRecord): void {
  const limits = LIMITS.image;
  if (image.alt_text === undefined)
    report(`${pointer}/alt_text`, 'missing required field: alt_text');
  checkString(report, `${pointer}/alt_text`, image.alt_text, limits.altText, 1);
  checkString(report, `${pointer}/image_url`, image.image_url, limits.url, 1);
  if ((image.image_url === undefined) === (image.slack_file === undefined)) {
    report(pointer, 'must have either image_url or slack_file');
  }
}

function checkTextInput(report: Report, pointer: string, input: JsonRecord): void {
  const { minLength, maxLength } = LIMITS.plainTextInput;
  checkRange(report, `${pointer}/min_length`, input.min_length, 0, minLength);
  checkRange(report, `${pointer}/max_length`, input.max_length, 1, maxLength);
  if (Number(input.min_length ?? 0) > Number(input.max_length ?? maxLength)) {
    report(`${pointer}/min_length`, 'must not be greater than max_length');
  }
  checkString(report, `${pointer}/initial_value`, input.initial_value, maxLength);
}

function checkNumberInput(report: Report, pointer: string, input: JsonRecord): void {
  if (typeof input.is_decimal_allowed !== 'boolean') {
    report(`${pointer}/is_decimal_allowed`, 'missing required field: is_decimal_allowed');
  }
  for (const key of ['initial_value', 'min_value', 'max_value']) {
    const value = input[key];
    if (value !== undefined && typeof value !== 'string') {
      report(`${pointer}/${key}`, 'must be a string');
    }
  }
}

function checkRange(
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
