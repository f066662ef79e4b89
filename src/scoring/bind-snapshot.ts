import type { Tier } from './assessment.ts';
import type { FeatureSnapshot, FieldDefinition } from './features.ts';
import { readTime } from './read-time.ts';
import type { Ruleset } from './ruleset.ts';
import { NEVER, type Slot, type Value } from './slots.ts';

/** What routes may read besides the features. */
export interface Derived {
  tier: Tier;
  points: number;
}

/** One lead's values, one for each slot of a ruleset. */
export interface BoundSnapshot {
  values: Value[];
  /** Milliseconds. */
  now: number;
  snapshot: FeatureSnapshot;
}

/** Fills the slots. Whatever is missing, of the wrong type or not a usable number is unknown. */
export function bindSnapshot(
  ruleset: Pick<Ruleset, 'slots'>,
  snapshot: FeatureSnapshot,
  now: Date,
  derived: Derived | null = null,
): BoundSnapshot {
  const time = now.getTime();
  const at = Number.isNaN(time) ? 0 : time;
  const signals = signalReader(snapshot, at);
  const values = ruleset.slots.map((slot) => slotValue(slot, snapshot, signals, derived));
  return { values, now: at, snapshot };
}

function slotValue(
  slot: Slot,
  snapshot: FeatureSnapshot,
  signals: SignalReader,
  derived: Derived | null,
): Value {
  switch (slot.kind) {
    case 'field':
      return fieldValue(snapshot, slot);
    case 'presence':
      return fieldValue(snapshot, slot) !== undefined;
    case 'member': {
      const list = fieldValue(snapshot, slot);
      return Array.isArray(list) ? list.includes(slot.member) : undefined;
    }
    case 'count':
      return signals.count(slot.signal, slot.windowMs);
    case 'last':
      return signals.last(slot.signal);
    case 'derived':
      return derived?.[slot.name];
    case 'local':
      return undefined;
  }
}

/** The value that rules see of a field; undefined when it is missing or of the wrong type. */
export function fieldValue(
  snapshot: FeatureSnapshot,
  { name, field }: { name: string; field: FieldDefinition },
): Value {
  const fields: unknown = snapshot?.fields;
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, name)) {
    return undefined;
  }
  const value: unknown = (fields as Record<string, unknown>)[name];
  switch (field.type) {
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'int':
      return Number.isSafeInteger(value) ? (value as number) : undefined;
    case 'double':
      return Number.isFinite(value) ? (value as number) : undefined;
    case 'list<string>':
      return isTextList(value) ? value : undefined;
  }
}

const MAX_LIST = 1000;

export function isTextList(value: unknown): value is string[] {
  if (!Array.isArray(value) || value.length > MAX_LIST) return false;
  for (let index = 0; index < value.length; index++) {
    if (typeof value[index] !== 'string') return false;
  }
  return true;
}

export interface SignalReader {
  /** Signals of a kind in the time span before now; undefined when no source sends that kind. */
  count(kind: string, windowMs: number | null): number | undefined;
  /** Time of the last one, NEVER when there is none; undefined when no source sends that kind. */
  last(kind: string): number | undefined;
}

/** Signals that have not happened yet at `now` do not count: a score is as of its time. */
export function signalReader(snapshot: FeatureSnapshot, now: number): SignalReader {
  const declared = new Set(
    Array.isArray(snapshot?.declaredSignals) ? snapshot.declaredSignals : [],
  );
  const times = new Map<string, number[]>();
  for (const signal of Array.isArray(snapshot?.signals) ? snapshot.signals : []) {
    const at = readTime(signal?.occurredAt);
    if (Number.isNaN(at) || at > now) continue;
    const known = times.get(signal.kind);
    if (known === undefined) times.set(signal.kind, [at]);
    else known.push(at);
  }
  return {
    count(kind, windowMs) {
      if (!declared.has(kind)) return undefined;
      const all = times.get(kind) ?? [];
      if (windowMs === null) return all.length;
      return all.reduce((count, at) => (at >= now - windowMs ? count + 1 : count), 0);
    },
    last(kind) {
      if (!declared.has(kind)) return undefined;
      return (times.get(kind) ?? []).reduce((latest, at) => Math.max(latest, at), NEVER);
    },
  };
}
