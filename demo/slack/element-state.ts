import { isRecord, type JsonRecord, recordsOf, stringOf } from '../doubles/json.ts';
import { HELD_KEYS, holdsMany } from './held-keys.ts';

/** What a person types or picks: text, an option's value (or visible text), an id, a date, seconds, several, or nothing. */
export type Answer = string | number | readonly string[] | null;

const TEXT_INPUTS = ['plain_text_input', 'email_text_input', 'url_text_input', 'number_input'];
const ONE_OPTION = ['static_select', 'radio_buttons', 'external_select'];
const MANY_OPTIONS = ['multi_static_select', 'checkboxes', 'multi_external_select'];
const ZONED = ['timepicker'];

const FORMS: Readonly<Record<string, RegExp>> = {
  datepicker: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  timepicker: /^([01]\d|2[0-3]):[0-5]\d$/,
  datetimepicker: /^\d{10}$/,
};

/** Whether `state.values` has an entry for it; buttons, overflow menus and images have none. */
export function isStateful(element: JsonRecord): boolean {
  return Object.hasOwn(HELD_KEYS, String(element.type));
}

/** What the element holds before anybody touched it. */
export function initialState(element: JsonRecord): JsonRecord {
  const type = String(element.type);
  const [selected, initial] = HELD_KEYS[type] ?? ['value', 'initial_value'];
  const none = holdsMany(type) ? [] : null;
  return { type, [selected]: element[initial] ?? none, ...zoneOf(element) };
}

/**
 * What the element holds after the answer; also what a block_actions payload says about it. Throws
 * on an answer that Slack's client would not let the person give.
 */
export function answeredState(element: JsonRecord, answer: Answer): JsonRecord {
  const type = String(element.type);
  if (TEXT_INPUTS.includes(type)) return { type, value: answer === null ? null : String(answer) };
  // An overflow menu is chosen from like a select, but keeps nothing.
  if (ONE_OPTION.includes(type) || type === 'overflow') {
    const option = typeof answer === 'string' ? optionOf(element, answer) : null;
    return { type, selected_option: option };
  }
  if (MANY_OPTIONS.includes(type)) {
    return { type, selected_options: severalOf(answer).map((each) => optionOf(element, each)) };
  }
  const [selected] = HELD_KEYS[type] ?? ['value'];
  if (holdsMany(type)) return { type, [selected]: severalOf(answer) };
  return { type, [selected]: pickedOne(element, answer), ...zoneOf(element) };
}

/** False for an option or date that the element does not offer (any more). */
export function canHold(element: JsonRecord, answer: Answer): boolean {
  try {
    answeredState(element, answer);
    return true;
  } catch {
    return false;
  }
}

/** What is in a state besides its type: one value, a list, or null. */
export function heldBy(state: JsonRecord | undefined): unknown {
  const entry = Object.entries(state ?? {}).find(([key]) => key !== 'type' && key !== 'timezone');
  return entry?.[1];
}

function severalOf(answer: Answer): readonly string[] {
  if (answer === null) return [];
  return typeof answer === 'string' || typeof answer === 'number' ? [String(answer)] : answer;
}

function pickedOne(element: JsonRecord, answer: Answer): string | number | null {
  if (answer === null) return null;
  const form = FORMS[String(element.type)];
  const given = String(answer);
  if (typeof answer === 'object' || form?.test(given) === false) {
    throw new Error(`${String(element.action_id)} cannot hold ${given}`);
  }
  return element.type === 'datetimepicker' ? Number(given) : given;
}

/** Slack passes the zone that a time picker shows on to the app. */
function zoneOf(element: JsonRecord): JsonRecord {
  const zone = ZONED.includes(String(element.type)) ? stringOf(element.timezone) : undefined;
  return zone === undefined ? {} : { timezone: zone };
}

function optionOf(element: JsonRecord, wanted: string): JsonRecord {
  const groups = recordsOf(element.option_groups).flatMap((group) => [...recordsOf(group.options)]);
  const options = [...recordsOf(element.options), ...groups];
  const found =
    options.find((option) => option.value === wanted) ??
    options.find((option) => isRecord(option.text) && stringOf(option.text.text) === wanted);
  if (found === undefined) throw new Error(`${String(element.action_id)} has no option ${wanted}`);
  return found;
}
