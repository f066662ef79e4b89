import type { AnyBlock } from '@slack/types';
import type { ElementValue, SurfaceValues } from '../../server/page-state.ts';

/** An element of any kind, as JSON. */
export type AnyElement = { type: string; action_id?: string } & Record<string, unknown>;

/** The elements of a block that a person can use. */
export function blockElements(block: AnyBlock): AnyElement[] {
  const found = block as unknown as {
    type: string;
    elements?: AnyElement[];
    element?: AnyElement;
    accessory?: AnyElement;
  };
  if (found.type === 'actions') return found.elements ?? [];
  if (found.type === 'input') return found.element === undefined ? [] : [found.element];
  if (found.type === 'section') return found.accessory === undefined ? [] : [found.accessory];
  return [];
}

/** Element type -> the key of what it holds in Slack's state, and the key of its initial value. */
const HELD: Readonly<Record<string, readonly [string, string]>> = {
  plain_text_input: ['value', 'initial_value'],
  number_input: ['value', 'initial_value'],
  email_text_input: ['value', 'initial_value'],
  url_text_input: ['value', 'initial_value'],
  static_select: ['selected_option', 'initial_option'],
  external_select: ['selected_option', 'initial_option'],
  radio_buttons: ['selected_option', 'initial_option'],
  checkboxes: ['selected_options', 'initial_options'],
  multi_static_select: ['selected_options', 'initial_options'],
  multi_external_select: ['selected_options', 'initial_options'],
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

/**
 * What the elements hold now: what was put in, else the initial value, which Slack reports too. What
 * was put into an element that is gone is gone as well.
 */
export function valuesOf(blocks: AnyBlock[], touched: SurfaceValues): SurfaceValues {
  const values: SurfaceValues = {};
  for (const block of blocks) {
    const blockId = block.block_id ?? '';
    for (const element of blockElements(block)) {
      const { action_id: actionId } = element;
      if (actionId === undefined) continue;
      const value = touched[blockId]?.[actionId] ?? initialValue(element);
      if (value !== null) values[blockId] = { ...values[blockId], [actionId]: value };
    }
  }
  return values;
}

export function initialValue(element: AnyElement): ElementValue | null {
  const held = HELD[element.type];
  if (held === undefined) return null;
  return valueWith(element.type, element[held[1]] ?? (isMany(element.type) ? [] : null));
}

/** The value of an element of this type that holds this. */
export function valueWith(type: string, content: unknown): ElementValue {
  return { type, [HELD[type]?.[0] ?? 'value']: content };
}

/** What an element holds: text, an option, an id, a date, seconds, a list of these, or null. */
export function contentOf(value: ElementValue): unknown {
  return value[HELD[value.type]?.[0] ?? 'value'] ?? null;
}

/** Whether it holds a list. */
export function isMany(type: string): boolean {
  return type === 'checkboxes' || type.startsWith('multi_');
}
