import { fieldValue, signalReader } from '../../src/scoring/bind-snapshot.ts';
import { parseCel, Signals } from '../../src/scoring/cel-environment.ts';
import type { ExpressionContext } from '../../src/scoring/compile-condition.ts';
import { type FeatureSnapshot, FIELD_NAMES, FIELDS } from '../../src/scoring/features.ts';

/** What cel-js itself answers; "unknown" where it raises an error. Missing fields are absent keys. */
export function celOracle(
  context: ExpressionContext,
  source: string,
  snapshot: FeatureSnapshot,
  now: Date,
): unknown {
  const parsed = parseCel(context.environment, source);
  try {
    return parsed(celContext(context, snapshot, now));
  } catch {
    return 'unknown';
  }
}

function celContext(context: ExpressionContext, snapshot: FeatureSnapshot, now: Date) {
  const roots: Record<string, Record<string, unknown>> = { lead: {}, company: {}, source: {} };
  for (const name of FIELD_NAMES) {
    const value = fieldValue(snapshot, { name, field: FIELDS[name] });
    const [root = '', key = ''] = name.split('.');
    const holder = roots[root];
    if (value === undefined || holder === undefined) continue;
    holder[key] = FIELDS[name].type === 'int' ? BigInt(Number(value)) : value;
  }
  const reader = signalReader(snapshot, now.getTime());
  const signals = new Signals({
    count: (kind, windowMs) => known(reader.count(kind, windowMs)),
    last: (kind) => known(reader.last(kind)),
  });
  return { ...roots, lists: context.lists, now, signals };
}

function known(value: number | undefined): number {
  if (value === undefined) throw new Error('no source sends this kind');
  return value;
}
