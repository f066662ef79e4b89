import { FIELDS, type FieldCatalog, type FieldDefinition } from './features.ts';

/** `undefined` is unknown. Times are milliseconds since 1970, durations milliseconds. */
export type Value = string | number | boolean | readonly (string | number | boolean)[] | undefined;

/**
 * Everything that a condition can read has a numbered slot in one array of values, filled once per lead.
 * - `field`: a declared field; `member`: whether a list field holds one text; `presence`: what has() sees
 * - `count`, `last`: signals; a window of null is all time
 * - `derived`: known only after scoring, for routing
 * - `local`: the variable of an exists() or all()
 */
export type Slot =
  | { kind: 'field'; name: string; field: FieldDefinition }
  | { kind: 'member'; name: string; field: FieldDefinition; member: string }
  | { kind: 'presence'; name: string; field: FieldDefinition }
  | { kind: 'count'; signal: string; windowMs: number | null }
  | { kind: 'last'; signal: string }
  | { kind: 'derived'; name: 'tier' | 'points' }
  | { kind: 'local'; name: string };

export class SlotTable {
  readonly slots: Slot[] = [];
  /** What the expressions of this table may read. */
  readonly fields: FieldCatalog;
  readonly #byKey = new Map<string, number>();

  constructor(fields: FieldCatalog = FIELDS) {
    this.fields = fields;
  }

  field(name: string): FieldDefinition | undefined {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  add(slot: Slot): number {
    const key = JSON.stringify('field' in slot ? { ...slot, field: null } : slot);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const index = this.slots.push(slot) - 1;
    this.#byKey.set(key, index);
    return index;
  }
}

/** "Never" as a time, so that the age of a signal that never came is greater than any other. */
export const NEVER = -62_135_596_800_000;
