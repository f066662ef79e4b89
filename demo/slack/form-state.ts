import { isRecord, type JsonRecord } from '../doubles/json.ts';
import {
  type Answer,
  answeredState,
  canHold,
  heldBy,
  initialState,
  isStateful,
} from './element-state.ts';

/** Answers by `action_id`, `block_id`, or `block_id/action_id` where the first two are not clear. */
export type Answers = Readonly<Record<string, Answer>>;

export interface PlacedElement {
  blockId: string;
  element: JsonRecord;
  /** The input block around it, if any. */
  input: JsonRecord | undefined;
}

export type StateValues = Record<string, Record<string, JsonRecord>>;

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

/** The same answers by `block_id/action_id`. Throws on an answer that fits nothing or several inputs. */
export function placeAnswers(blocks: readonly JsonRecord[], answers: Answers): Answers {
  const elements = listElements(blocks).filter(({ element }) => isStateful(element));
  const placed = Object.entries(answers).map(([key, answer]): [string, Answer] => {
    const fitting = elements.filter((each) => isFor(each, key));
    const [only] = fitting;
    if (only === undefined || fitting.length > 1) {
      throw new Error(`${fitting.length} inputs are called ${key}`);
    }
    return [placeOf(only), answer];
  });
  return Object.fromEntries(placed);
}

/** `state.values` as Slack sends it: initial values, overlaid by what the person put in. Throws on an answer that fits nothing. */
export function stateValues(blocks: readonly JsonRecord[], answers: Answers): StateValues {
  const placed = placeAnswers(blocks, answers);
  const values: StateValues = {};
  for (const each of listElements(blocks).filter(({ element }) => isStateful(element))) {
    const { blockId, element } = each;
    const answer = placed[placeOf(each)];
    const value = answer === undefined ? initialState(element) : answeredState(element, answer);
    values[blockId] = { ...values[blockId], [String(element.action_id)]: value };
  }
  return values;
}

/** Of placed answers those that can still be given: an updated view keeps only those, as Slack does. */
export function stillAsked(blocks: readonly JsonRecord[], answers: Answers): Answers {
  const elements = new Map(listElements(blocks).map((each) => [placeOf(each), each.element]));
  const kept = Object.entries(answers).filter(([key, answer]) => {
    const element = elements.get(key);
    return element !== undefined && canHold(element, answer);
  });
  return Object.fromEntries(kept);
}

/** Why Slack's client would not send this form; empty when it would. */
export function missingInputs(blocks: readonly JsonRecord[], values: StateValues): string[] {
  return listElements(blocks).flatMap(({ blockId, element, input }) => {
    if (input === undefined || !isStateful(element)) return [];
    const value = heldBy(values[blockId]?.[String(element.action_id)]);
    const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
    if (isEmpty) return input.optional === true ? [] : [`${blockId} is empty`];
    const problem = problemWith(element, value);
    return problem === undefined ? [] : [`${blockId} ${problem}`];
  });
}

function problemWith(element: JsonRecord, value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const most = element.max_selected_items;
    return typeof most === 'number' && value.length > most ? 'has too many' : undefined;
  }
  if (typeof value !== 'string') return undefined;
  if (element.type === 'number_input') return problemWithNumber(element, value);
  const { min_length: min, max_length: max } = element;
  if (typeof min === 'number' && value.length < min) return 'is too short';
  if (typeof max === 'number' && value.length > max) return 'is too long';
  return undefined;
}

function problemWithNumber(element: JsonRecord, value: string): string | undefined {
  const number = Number(value);
  if (!Number.isFinite(number)) return 'is no number';
  if (element.is_decimal_allowed === false && !Number.isInteger(number))
    return 'is no whole number';
  if (number < Number(element.min_value ?? -Infinity)) return 'is too small';
  if (number > Number(element.max_value ?? Infinity)) return 'is too large';
  return undefined;
}

function isFor(placed: PlacedElement, key: string): boolean {
  return placed.element.action_id === key || placed.blockId === key || placeOf(placed) === key;
}

function placeOf({ blockId, element }: PlacedElement): string {
  return placeKey(blockId, String(element.action_id));
}

/** The key under which an answer is kept. */
export function placeKey(blockId: string, actionId: string): string {
  return `${blockId}/${actionId}`;
}
