import type { Reason } from './assessment.ts';
import { type BoundSnapshot, fieldValue } from './bind-snapshot.ts';
import type { FeatureValue } from './features.ts';
import type { Ruleset } from './ruleset.ts';
import { NEVER, type Slot, type Value } from './slots.ts';

/** The raw value that a slot hangs on: fields with the same one are missing together. */
export function rawOf(slot: Slot): string | null {
  if (slot.kind === 'field' || slot.kind === 'member') return slot.field.from;
  return slot.kind === 'count' || slot.kind === 'last' ? `signal:${slot.signal}` : null;
}

/** What people call these slots, each once: "company size and country". */
export function labelsOfSlots(ruleset: Ruleset, slots: readonly number[]): string {
  const labels = slots.flatMap((index) => {
    const slot = ruleset.slots[index];
    if (slot === undefined) return [];
    if (slot.kind === 'field' || slot.kind === 'member') return [slot.field.label];
    const isSignal = slot.kind === 'count' || slot.kind === 'last';
    return isSignal ? [`${slot.signal.replaceAll('_', ' ')} signals`] : [];
  });
  return [...new Set(labels)].sort().join(' and ');
}

/** Fields that were read, with what was seen, by name. */
export function observedFields(
  ruleset: Ruleset,
  bound: BoundSnapshot,
  reads: readonly number[],
): Reason['fields'] {
  const seen = new Map<string, FeatureValue | null>();
  for (const index of reads) {
    const slot = ruleset.slots[index];
    if (slot === undefined || slot.kind === 'local') continue;
    seen.set(slotName(slot), observed(slot, bound, index));
  }
  return [...seen]
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function observed(slot: Slot, bound: BoundSnapshot, index: number): FeatureValue | null {
  if (slot.kind === 'field' || slot.kind === 'member' || slot.kind === 'presence') {
    return asFeature(fieldValue(bound.snapshot, slot));
  }
  const value = bound.values[index];
  if (slot.kind !== 'last' || typeof value !== 'number') return asFeature(value);
  return value === NEVER ? null : new Date(value).toISOString();
}

function asFeature(value: Value): FeatureValue | null {
  if (value === undefined) return null;
  return typeof value === 'object' ? value.map((item) => String(item)) : value;
}

/** A slot as written in rules, short: company.employees, signals.count("pricing_viewed", 14d). */
export function slotName(slot: Slot): string {
  switch (slot.kind) {
    case 'count': {
      const window = slot.windowMs === null ? '' : `, ${shortSpan(slot.windowMs)}`;
      return `signals.count("${slot.signal}"${window})`;
    }
    case 'last':
      return `signals.last("${slot.signal}")`;
    default:
      return slot.name;
  }
}

function shortSpan(ms: number): string {
  if (ms % 86_400_000 === 0) return `${ms / 86_400_000}d`;
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : `${ms / 60_000}m`;
}
