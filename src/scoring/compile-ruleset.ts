import { cellsOf } from './cells.ts';
import type { Atom } from './code.ts';
import {
  type CompiledExpression,
  createExpressionContext,
  type ExpressionContext,
} from './compile-condition.ts';
import {
  compileAxisFile,
  compileDisqualifyFile,
  compileRoutes,
  type FileContext,
} from './compile-rules.ts';
import { fieldCatalog } from './features.ts';
import { generateJudge } from './generate-judge.ts';
import { judgeByClosures } from './judge-by-closures.ts';
import type { Judge } from './judged-lead.ts';
import { lintRules } from './lint-rules.ts';
import { type ParsedRuleFiles, readRuleFiles } from './read-rule-files.ts';
import type { RuleFiles } from './rule-files.ts';
import { ProblemList, type RuleProblem } from './rule-problem.ts';
import type { HardStop, PointRule, RuleGroup, Ruleset, TierBound } from './ruleset.ts';
import { type Slot, SlotTable } from './slots.ts';
import { unitsOf } from './tally.ts';

export type { RuleFiles } from './rule-files.ts';
export type { RuleProblem } from './rule-problem.ts';
export type { Ruleset } from './ruleset.ts';

export type CompileRulesetResult =
  | { ok: true; ruleset: Ruleset; warnings: RuleProblem[] }
  | { ok: false; problems: RuleProblem[] };

export interface CompileOptions {
  /** How leads are judged; the answers are the same. Closures where the runtime forbids generated code. */
  engine?: 'generated' | 'closures';
}

/** Compiles rule files once. Problems are values, with file, line and column; nothing is thrown. */
export function compileRuleset(
  files: RuleFiles,
  identity: { version: number; hash: string },
  { engine = 'generated' }: CompileOptions = {},
): CompileRulesetResult {
  const problems = new ProblemList();
  const parsed = readRuleFiles(files, problems);
  if (parsed === null) return { ok: false, problems: problems.sorted() };
  const ruleset = compileParsed(parsed, { ...identity, engine }, problems);
  lintRules(parsed, ruleset, files, problems);
  if (problems.hasErrors) return { ok: false, problems: problems.sorted() };
  return { ok: true, ruleset, warnings: problems.sorted() };
}

function compileParsed(
  parsed: ParsedRuleFiles,
  { engine, ...identity }: { version: number; hash: string; engine: 'generated' | 'closures' },
  problems: ProblemList,
): Ruleset {
  const fields = fieldCatalog(parsed.model.value.fields);
  const table = new SlotTable(fields);
  const lists = parsed.model.value.lists ?? {};
  const signals = Object.values(parsed.model.value.signals).flat();
  const expressions = createExpressionContext({ lists, signals, derived: false, table });
  const inFile = (file: string, own: ExpressionContext = expressions): FileContext => {
    return { file, expressions: own, problems };
  };
  const rules: PointRule[] = [];
  const groups: RuleGroup[] = [];
  const stops: HardStop[] = [];
  const bounds: TierBound[] = [];
  compileAxisFile(inFile('fit.yml'), parsed.fit, { rules, groups });
  compileAxisFile(inFile('intent.yml'), parsed.intent, { rules, groups });
  compileDisqualifyFile(inFile('disqualify.yml'), parsed.disqualify, { stops, bounds });
  const routing = createExpressionContext({ lists, signals, derived: true, table });
  const routes = compileRoutes(inFile('routing.yml', routing), parsed.routing);
  const conditions = [...rules, ...stops, ...bounds].map((rule) => rule.condition);
  const ruleset: Ruleset = {
    ...identity,
    model: parsed.model.value,
    fields,
    rules,
    groups,
    units: unitsOf({ rules, groups }),
    stops,
    bounds,
    teams: parsed.routing.value.teams,
    routes,
    slots: table.slots,
    cells: cellsOfSlots(table.slots, conditions),
    judge: lazyJudge(
      () =>
        (engine === 'generated' ? generateJudge(ruleset, table, lists) : null) ??
        judgeByClosures(ruleset),
    ),
  };
  return ruleset;
}

/** Made when first needed: most rulesets are compiled only to be checked. */
function lazyJudge(make: () => Judge): Judge {
  const judge: Judge = {
    judgeLead: (snapshot, now) => makeNow().judgeLead(snapshot, now),
    judgeKnown: (snapshot, now) => makeNow().judgeKnown(snapshot, now),
  };
  const makeNow = () => Object.assign(judge, make());
  return judge;
}

/** Values worth trying for each slot, from all that any condition asks of it. */
function cellsOfSlots(
  slots: readonly Slot[],
  conditions: readonly CompiledExpression[],
): Ruleset['cells'] {
  const atoms = slots.map((): Atom[] => []);
  const whole = new Set<number>();
  for (const condition of conditions) {
    for (const atom of condition.atoms) atoms[atom.slot]?.push(atom);
    for (const slot of condition.whole) whole.add(slot);
  }
  return slots.map((slot, index) => cellsOf(slot, atoms[index] ?? [], whole.has(index)));
}
