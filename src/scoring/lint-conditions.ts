import { asOutcome } from './judge-rules.ts';
import { didYouMean, type Locate, type ProblemList } from './rule-problem.ts';
import { declaredSignals, type Judged, type Ruleset } from './ruleset.ts';
import type { Value } from './slots.ts';

/** Where each rule, stop, floor, ceiling and route stands, by id. */
export interface RulePlace {
  id: string;
  file: string;
  locate: (key: string) => Locate;
}

/** Values that no lead can have, signals that nobody sends, conditions that are never or always true. */
export function lintConditions(
  ruleset: Ruleset,
  places: ReadonlyMap<string, RulePlace>,
  problems: ProblemList,
): void {
  const declared = declaredSignals(ruleset);
  for (const rule of [...ruleset.rules, ...ruleset.stops, ...ruleset.bounds]) {
    const place = places.get(rule.id);
    if (place === undefined) continue;
    const warn = (message: string, hint: string | undefined, quoted: string) => {
      const offset = Math.max(0, rule.condition.source.indexOf(quoted));
      problems.add('warning', place.file, place.locate('when')(offset), message, hint);
    };
    const impossible = impossibleValues(ruleset, rule);
    for (const { value, known, label } of impossible) {
      const hint = didYouMean(value, known) ?? `Known: ${known.join(', ')}.`;
      warn(`No lead has the ${label} "${value}"`, hint, value);
    }
    for (const kind of signalKinds(ruleset, rule)) {
      if (declared.includes(kind)) continue;
      const hint = didYouMean(kind, declared) ?? 'Sources and their kinds are in model.yml.';
      warn(`No source is declared to send "${kind}": this is always unknown`, hint, kind);
    }
    const always = impossible.length > 0 ? undefined : constantOutcome(ruleset, rule);
    if (always === false) warn(`"${rule.id}" can never fire`, undefined, rule.condition.source);
  }
}

function impossibleValues(
  ruleset: Ruleset,
  rule: Judged,
): { value: string; known: readonly string[]; label: string }[] {
  const asked = rule.condition.atoms.flatMap(({ slot, constants }) =>
    constants.map((value) => ({ slot, value })),
  );
  const members = rule.condition.reads.flatMap((slot) => {
    const read = ruleset.slots[slot];
    return read?.kind === 'member' ? [{ slot, value: read.member }] : [];
  });
  return [...asked, ...members].flatMap(({ slot, value }) => {
    const read = ruleset.slots[slot];
    if (read?.kind !== 'field' && read?.kind !== 'member') return [];
    const { values: known, label } = read.field;
    if (known === undefined || typeof value !== 'string' || known.includes(value)) return [];
    return [{ value, known, label }];
  });
}

function signalKinds(ruleset: Ruleset, rule: Judged): Set<string> {
  const kinds = rule.condition.reads.flatMap((index) => {
    const slot = ruleset.slots[index];
    return slot?.kind === 'count' || slot?.kind === 'last' ? [slot.signal] : [];
  });
  return new Set(kinds);
}

/**
 * What the condition says whatever one field holds; undefined when it depends on more than one field,
 * on time, or on anything that values cannot settle: then lint stays silent.
 */
function constantOutcome(ruleset: Ruleset, rule: Judged): boolean | undefined {
  const { condition } = rule;
  const [slot, second] = condition.reads;
  if (second !== undefined || /\bnow\b/.test(condition.source)) return undefined;
  const kind = slot === undefined ? undefined : ruleset.slots[slot]?.kind;
  if (kind === 'presence' || rule.opaque.size > 0) return undefined;
  const cells = slot === undefined ? [undefined] : ruleset.cells[slot];
  const outcomes = new Set((cells ?? []).map((cell) => tried(ruleset, rule, slot, cell)));
  if (outcomes.size !== 1) return undefined;
  return [...outcomes][0];
}

function tried(
  ruleset: Ruleset,
  rule: Judged,
  slot: number | undefined,
  cell: Value,
): boolean | undefined {
  const values: Value[] = ruleset.slots.map(() => undefined);
  if (slot !== undefined) values[slot] = cell;
  return asOutcome(rule.condition.run(values, 0));
}
