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

/** What the elements hold before anybody touched them: Slack reports these too. */
export function initialValues(blocks: AnyBlock[]): SurfaceValues {
  const values: SurfaceValues = {};
  for (const block of blocks) {
    const blockId = block.block_id ?? '';
    for (const element of blockElements(block)) {
      const value = initialValue(element);
      if (value !== null && element.action_id !== undefined) {
        values[blockId] = { ...values[blockId], [element.action_id]: value };
      }
    }
  }
  return values;
}

export function initialValue(element: AnyElement): ElementValue | null {
  const { type } = element;
  switch (type) {
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return { type, value: element.initial_value ?? null };
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type, selected_option: element.initial_option ?? null };
    case 'checkboxes':
    case 'multi_static_select':
      return { type, selected_options: element.initial_options ?? [] };
    case 'users_select':
      return { type, selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { type, selected_users: element.initial_users ?? [] };
    case 'conversations_select':
      return { type, selected_conversation: element.initial_conversation ?? null };
    case 'channels_select':
      return { type, selected_channel: element.initial_channel ?? null };
    case 'datepicker':
      return { type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type, selected_time: element.initial_time ?? null };
    case 'datetimepicker':
      return { type, selected_date_time: element.initial_date_time ?? null };
    default:
      return null;
  }
}
