import type { FeatureSnapshot } from './features.ts';
import { NEVER, type Slot } from './slots.ts';

type SignalSlot = Extract<Slot, { kind: 'count' | 'last' }>;

/** Values of signal slots, in their order, in one pass over a lead's signals: as `signalReader` gives them. */
export type ReadSignals = (snapshot: FeatureSnapshot, now: number) => (number | undefined)[];

interface Read {
  kind: string;
  isCount: boolean;
  windowMs: number;
}

export function signalsReader(slots: readonly SignalSlot[]): ReadSignals {
  const reads = slots.map((slot): Read => {
    const isCount = slot.kind === 'count';
    const windowMs = isCount && slot.windowMs !== null ? slot.windowMs : Number.POSITIVE_INFINITY;
    return { kind: slot.signal, isCount, windowMs };
  });
  const kinds = [...new Set(reads.map(({ kind }) => kind))];
  return (snapshot, now) => {
    const found = reads.map(({ kind, isCount }): number | undefined => {
      const declared: unknown = snapshot?.declaredSignals;
      if (!Array.isArray(declared) || !declared.includes(kind)) return undefined;
      return isCount ? 0 : NEVER;
    });
    const signals: unknown = snapshot?.signals;
    if (!Array.isArray(signals)) return found;
    for (const signal of signals) {
      const kind = signal?.kind;
      if (!kinds.includes(kind)) continue;
      const at = typeof signal.occurredAt === 'string' ? Date.parse(signal.occurredAt) : Number.NaN;
      if (at <= now) add(reads, found, kind, at, now);
    }
    return found;
  };
}

function add(
  reads: readonly Read[],
  found: (number | undefined)[],
  kind: string,
  at: number,
  now: number,
): void {
  for (let index = 0; index < reads.length; index++) {
    const read = reads[index];
    const before = found[index];
    if (read === undefined || before === undefined || read.kind !== kind) continue;
    if (read.isCount) found[index] = at >= now - read.windowMs ? before + 1 : before;
    else if (at > before) found[index] = at;
  }
}
