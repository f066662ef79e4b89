import { isRecord, type JsonRecord } from '../doubles/json.ts';
import {
  checkKeys,
  checkList,
  checkOptionalText,
  checkRange,
  checkString,
  checkText,
  type Report,
} from './block-checks.ts';
import { BLOCK_KIT_LIMITS } from './block-kit-limits.ts';

const LIMITS = BLOCK_KIT_LIMITS;
const PLAIN = 'plain_text' as const;
const MANY_INITIAL = ['initial_users', 'initial_conversations', 'initial_channels'];
const FILTERS = ['include', 'exclude_external_shared_channels', 'exclude_bot_users'];

/** Checkboxes and radio buttons. */
export function checkChoice(report: Report, pointer: string, element: JsonRecord): void {
  const max = LIMITS.choice.options;
  const options = checkList(report, `${pointer}/options`, element.options, max);
  for (const [index, option] of options.entries()) {
    checkOption(report, `${pointer}/options/${index}`, option, { url: false, markdown: true });
  }
  checkInitial(report, pointer, element, options);
}

export function checkSelect(report: Report, pointer: string, select: JsonRecord): void {
  const most = `${pointer}/max_selected_items`;
  checkRange(report, most, select.max_selected_items, LIMITS.select.maxSelectedMin, Infinity);
  checkFilter(report, `${pointer}/filter`, select.filter);
  for (const key of MANY_INITIAL) {
    const initial = select[key];
    if (initial === undefined) continue;
    const max =
      typeof select.max_selected_items === 'number' ? select.max_selected_items : Infinity;
    checkList(report, `${pointer}/${key}`, initial, max);
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

/** Which conversations a menu offers: something must be said, and the list of kinds must not be empty. */
function checkFilter(report: Report, pointer: string, filter: unknown): void {
  if (filter === undefined) return;
  if (!isRecord(filter) || Object.keys(filter).length === 0) {
    report(pointer, 'must have include or an exclusion');
    return;
  }
  checkKeys(report, pointer, filter, FILTERS);
  if (filter.include !== undefined) checkList(report, `${pointer}/include`, filter.include, 4);
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

export function checkOption(
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
