import type { Transaction } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';
import { readSetting, writeSetting } from '../records/settings.ts';

/** Kinds of one source that no rules declare: many more than anybody will ever write a rule about. */
export const MOST_UNDECLARED_KINDS = 200;

interface Named {
  source: string;
  kind: string;
}

/**
 * Those of the signals whose kind is one too many for their source: a tracker that makes up a kind for each
 * page or person would fill the record with what no rule can read. Declared kinds always pass.
 */
export async function kindsBeyondLimit<T extends Named>(
  tx: Transaction<Database>,
  signals: readonly T[],
  declaredKinds: () => Promise<readonly string[]>,
  now: Date,
): Promise<Set<T>> {
  const beyond = new Set<T>();
  for (const source of new Set(signals.map((signal) => signal.source))) {
    const own = signals.filter((signal) => signal.source === source);
    const seen = await seenKinds(tx, source);
    if (own.every(({ kind }) => seen.has(kind))) continue;
    const declared = new Set(await declaredKinds());
    const before = seen.size;
    for (const signal of own) {
      const { kind } = signal;
      if (seen.has(kind) || declared.has(kind)) continue;
      if (seen.size < MOST_UNDECLARED_KINDS) seen.add(kind);
      else beyond.add(signal);
    }
    if (seen.size > before) await writeSetting(tx, keyOf(source), [...seen], 'intake', now);
  }
  return beyond;
}

// Two batches that learn at once may forget each other's: what was forgotten is learnt again.
async function seenKinds(tx: Transaction<Database>, source: string): Promise<Set<string>> {
  const value = await readSetting(tx, keyOf(source));
  return new Set(Array.isArray(value) ? value.filter((kind) => typeof kind === 'string') : []);
}

function keyOf(source: string): string {
  return `signal_kinds:${source}`;
}
