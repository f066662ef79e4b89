import { ROOTS } from './cel-environment.ts';
import { unknownField } from './check-names.ts';
import type { FeatureValue, FieldCatalog, FieldDefinition } from './features.ts';
import type { RuleTest } from './rule-files.ts';
import { didYouMean, type ProblemList } from './rule-problem.ts';
import { declaredSignals, type Ruleset } from './ruleset.ts';
import type { Path } from './schema-issues.ts';
import { said } from './type-problem.ts';

/** Line and column of a part of one test. */
export interface GivenPlace {
  value(path: Path): { line: number; column: number };
  key(path: Path): { line: number; column: number };
}

interface GivenCase {
  file: string;
  test: RuleTest;
  place: GivenPlace;
}

/** What a test gives and no lead has: fields, values of the wrong type or that cannot be, kinds of signal. */
export function lintGiven(ruleset: Ruleset, given: GivenCase, problems: ProblemList): void {
  lintGivenFields(ruleset.fields, given, problems);
  lintGivenSignals(signalKinds(ruleset), given, problems);
}

/** Kinds that a source is declared to send, and those that a rule asks for all the same. */
function signalKinds(ruleset: Ruleset): string[] {
  const asked = ruleset.slots.flatMap((slot) => ('signal' in slot ? [slot.signal] : []));
  return [...new Set([...declaredSignals(ruleset), ...asked])];
}

function lintGivenSignals(
  kinds: readonly string[],
  { file, test, place }: GivenCase,
  problems: ProblemList,
): void {
  const check = (kind: string, path: Path) => {
    if (kinds.includes(kind)) return;
    const hint = didYouMean(kind, kinds) ?? `Known: ${kinds.join(', ')}.`;
    problems.add('error', file, place.value(path), `Unknown signal kind "${kind}"`, hint);
  };
  const { signals = [], undeclared_signals: undeclared = [] } = test.given;
  signals.forEach(({ kind }, index) => {
    check(kind, ['given', 'signals', index, 'kind']);
  });
  undeclared.forEach((kind, index) => {
    check(kind, ['given', 'undeclared_signals', index]);
  });
}

function lintGivenFields(
  fields: FieldCatalog,
  { file, test, place }: GivenCase,
  problems: ProblemList,
): void {
  for (const root of ROOTS) {
    for (const [key, value] of Object.entries(test.given[root] ?? {})) {
      const name = `${root}.${key}`;
      const path = ['given', root, key];
      const at = place.value(path);
      const definition = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (definition === undefined) {
        const { message, hint } = unknownField(name, fields);
        problems.add('error', file, place.key(path), message, hint);
      } else if (value !== null && !typeFits(definition.type, value)) {
        const message = `"${name}" is ${said(definition.type)}, not ${JSON.stringify(value)}`;
        problems.add('error', file, at, message);
      } else
        lintValue(definition, value, (message, hint) => {
          problems.add('warning', file, at, message, hint);
        });
    }
  }
}

function lintValue(
  { values, label }: FieldDefinition,
  value: FeatureValue | null,
  warn: (message: string, hint: string) => void,
): void {
  if (values === undefined) return;
  for (const text of Array.isArray(value) ? value : [value]) {
    if (typeof text !== 'string' || values.includes(text)) continue;
    const hint = didYouMean(text, values) ?? `Known: ${values.join(', ')}.`;
    warn(`No lead has the ${label} "${text}"`, hint);
  }
}

function typeFits(type: string, value: FeatureValue): boolean {
  if (type === 'int') return Number.isSafeInteger(value);
  if (type === 'double') return typeof value === 'number';
  if (type === 'bool') return typeof value === 'boolean';
  return type === 'string' ? typeof value === 'string' : Array.isArray(value);
}
