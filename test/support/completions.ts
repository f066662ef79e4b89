import type { FeatureSnapshot } from '../../src/scoring/features.ts';
import { type ArbitraryPack, FIELD_POOL, NOW, POOLS } from './arbitrary-rules.ts';

/** Every text of a pack that can name a field or a kind of signal. */
export function conditionsOf(pack: ArbitraryPack): string[] {
  const bounds = [...pack.floors, ...pack.ceilings].map((bound) => bound.when);
  const rules = pack.rules.flatMap((rule) => [rule.when, `"${rule.decay}"`]);
  return [...rules, ...pack.stops, ...bounds];
}

/** has() is read as it stands: a completion does not change what was given. */
export function freezePresence(snapshot: FeatureSnapshot): (when: string) => string {
  return (when) =>
    when.replace(/has\(((?:lead|company)\.\w+)\)/g, (_all, name: string) =>
      String((snapshot.fields[name] ?? null) !== null),
    );
}

/** How to complete a lead: for each missing value that the pack reads, all that it could be. */
export function choices(
  pack: ArbitraryPack,
  snapshot: FeatureSnapshot,
): { name: string; values: unknown[] }[] {
  const text = conditionsOf(pack).map(freezePresence(snapshot)).join('\n');
  const fields = FIELD_POOL.filter(
    (name) => text.includes(name) && (snapshot.fields[name] ?? null) === null,
  ).map((name): { name: string; values: unknown[] } => ({ name, values: POOLS[name] ?? [] }));
  const isOpen = text.includes('"gone"') && !snapshot.declaredSignals.includes('gone');
  return isOpen ? [...fields, { name: 'gone', values: GONE }] : fields;
}

/** Ages in days of the signals of the kind that no source was declared to send. */
const GONE = [[], [1], [1, 2], [1, 2, 2, 5, 6, 6], [40]];

export function completed(
  snapshot: FeatureSnapshot,
  choice: readonly { name: string; value: unknown }[],
): FeatureSnapshot {
  const fields = { ...snapshot.fields };
  let { signals, declaredSignals } = snapshot;
  for (const { name, value } of choice) {
    if (name !== 'gone') fields[name] = value as string;
    else {
      const ages = value as number[];
      declaredSignals = [...declaredSignals, 'gone'];
      signals = [
        ...signals.filter((signal) => signal.kind !== 'gone'),
        ...ages.map((days) => ({
          kind: 'gone',
          occurredAt: new Date(NOW.getTime() - days * 86_400_000).toISOString(),
        })),
      ];
    }
  }
  return { fields, signals, declaredSignals };
}

export function* allCompletions(
  snapshot: FeatureSnapshot,
  open: readonly { name: string; values: unknown[] }[],
  chosen: readonly { name: string; value: unknown }[] = [],
): Generator<FeatureSnapshot> {
  const [next, ...rest] = open;
  if (next === undefined) yield completed(snapshot, chosen);
  else {
    for (const value of next.values) {
      yield* allCompletions(snapshot, rest, [...chosen, { name: next.name, value }]);
    }
  }
}
