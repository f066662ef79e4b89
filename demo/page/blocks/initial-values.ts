import type { AnyBlock } from '@slack/types';
import type { ElementValue, SurfaceValues } from '../../server/page-state.ts';
import { HELD_KEYS, holdsMany } from '../../slack/held-keys.ts';

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
  const held = HELD_KEYS[element.type];
  if (held === undefined) return null;
  return valueWith(element.type, element[held[1]] ?? (holdsMany(element.type) ? [] : null));
}

/** The value of an element of this type that holds this. */
export function valueWith(type: string, content: unknown): ElementValue {
  return { type, [HELD_KEYS[type]?.[0] ?? 'value']: content };
}

/** What an element holds: text, an option, an id, a date, seconds, a list of these, or null. */
export function contentOf(value: ElementValue): unknown {
  return value[HELD_KEYS[value.type]?.[0] ?? 'value'] ?? null;
}
