import { isRecord, type JsonRecord, recordsOf, stringOf } from '../doubles/json.ts';

/** What a person types or picks: text, an option's value (or visible text), several, or nothing. */
export type Answer = string | readonly string[] | null;

/** Answers by `action_id` or `block_id`. */
export type Answers = Readonly<Record<string, Answer>>;

export interface PlacedElement {
  blockId: string;
  element: JsonRecord;
  /** The input block around it, if any. */
  input: JsonRecord | undefined;
}

export type StateValues = Record<string, Record<string, JsonRecord>>;

const TEXT_INPUTS = ['plain_text_input', 'email_text_input', 'url_text_input', 'number_input'];
const ONE_OPTION = ['static_select', 'radio_buttons', 'external_select', 'overflow'];
const MANY_OPTIONS = ['multi_static_select', 'checkboxes', 'multi_external_select'];

/** The key under which Slack reports a picked id or date, and its initial value's key. */
const PLAIN_PICKERS: Readonly<Record<string, readonly [string, string]>> = {
  users_select: ['selected_user', 'initial_user'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  channels_select: ['selected_channel', 'initial_channel'],
  multi_users_select: ['selected_users', 'initial_users'],
  multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  multi_channels_select: ['selected_channels', 'initial_channels'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
};

/** Every element with an `action_id`, in order, wherever it stands. */
export function listElements(blocks: readonly JsonRecord[]): PlacedElement[] {
  return blocks.flatMap((block) => {
    const blockId = String(block.block_id ?? '');
    const input = block.type === 'input' ? block : undefined;
    return collect(block).map((element) => ({ blockId, element, input }));
  });
}

function collect(value: unknown): JsonRecord[] {
  if (Array.isArray(value)) return value.flatMap(collect);
  if (!isRecord(value)) return [];
  if (typeof value.action_id === 'string') return [value];
  return Object.values(value).flatMap(collect);
}

/** `state.values` as Slack sends it: initial values, overlaid by what the person put in. Throws on an answer that fits nothing. */
export function stateValues(blocks: readonly JsonRecord[], answers: Answers): StateValues {
  const elements = listElements(blocks).filter(({ element }) => isStateful(element));
  for (const key of Object.keys(answers)) {
    const fitting = elements.filter((placed) => isFor(placed, key));
    if (fitting.length !== 1) throw new Error(`${fitting.length} inputs are called ${key}`);
  }
  const values: StateValues = {};
  for (const placed of elements) {
    const key = Object.keys(answers).find((each) => isFor(placed, each));
    const value =
      key === undefined
        ? initialState(placed.element)
        : answeredState(placed.element, answers[key] ?? null);
    values[placed.blockId] = {
      ...values[placed.blockId],
      [String(placed.element.action_id)]: value,
    };
  }
  return values;
}

/** The answers whose inputs are still there: an updated view keeps only those, as Slack does. */
export function stillAsked(blocks: readonly JsonRecord[], answers: Answers): Answers {
  const elements = listElements(blocks);
  return Object.fromEntries(
    Object.entries(answers).filter(([key]) => elements.some((placed) => isFor(placed, key))),
  );
}

/** Why Slack's client would not send this form; empty when it would. */
export function missingInputs(blocks: readonly JsonRecord[], values: StateValues): string[] {
  return listElements(blocks).flatMap(({ blockId, element, input }) => {
    if (input === undefined || !isStateful(element)) return [];
    const state = values[blockId]?.[String(element.action_id)];
    const [value] = Object.entries(state ?? {})
      .filter(([key]) => key !== 'type')
      .map(([, each]) => each);
    const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
    if (isEmpty) return input.optional === true ? [] : [`${blockId} is empty`];
    return lengthProblems(blockId, element, value);
  });
}

function lengthProblems(blockId: string, element: JsonRecord, value: unknown): string[] {
  if (typeof value !== 'string') return [];
  const { min_length: min, max_length: max } = element;
  if (typeof min === 'number' && value.length < min) return [`${blockId} is too short`];
  if (typeof max === 'number' && value.length > max) return [`${blockId} is too long`];
  return [];
}

function isFor({ blockId, element }: PlacedElement, key: string): boolean {
  return element.action_id === key || blockId === key;
}

function isStateful(element: JsonRecord): boolean {
  const type = String(element.type);
  if (type === 'overflow') return false;
  return (
    TEXT_INPUTS.includes(type) ||
    ONE_OPTION.includes(type) ||
    MANY_OPTIONS.includes(type) ||
    Object.hasOwn(PLAIN_PICKERS, type)
  );
}

function initialState(element: JsonRecord): JsonRecord {
  const type = String(element.type);
  if (TEXT_INPUTS.includes(type)) return { type, value: element.initial_value ?? null };
  if (ONE_OPTION.includes(type)) return { type, selected_option: element.initial_option ?? null };
  if (MANY_OPTIONS.includes(type)) return { type, selected_options: element.initial_options ?? [] };
  const [selected, initial] = PLAIN_PICKERS[type] ?? ['value', 'initial_value'];
  const none = selected.endsWith('s') ? [] : null;
  return { type, [selected]: element[initial] ?? none };
}

/** The state of an element after the answer; also what a block_actions payload says about it. */
export function answeredState(element: JsonRecord, answer: Answer): JsonRecord {
  const type = String(element.type);
  if (TEXT_INPUTS.includes(type)) return { type, value: answer };
  if (ONE_OPTION.includes(type)) {
    const option = typeof answer === 'string' ? optionOf(element, answer) : null;
    return { type, selected_option: option };
  }
  if (MANY_OPTIONS.includes(type)) {
    const picked = typeof answer === 'string' ? [answer] : (answer ?? []);
    return { type, selected_options: picked.map((each) => optionOf(element, each)) };
  }
  const [selected] = PLAIN_PICKERS[type] ?? ['value'];
  return { type, [selected]: answer };
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
