import { compileCondition, createExpressionContext } from './compile-condition.ts';
import { signed } from './explain-score.ts';
import { type ListedRule, listRules } from './list-rules.ts';
import { slotName } from './observed-fields.ts';
import { readRuleFiles } from './read-rule-files.ts';
import type { GroupSource, RuleFiles, RuleSource } from './rule-files.ts';
import { ProblemList } from './rule-problem.ts';
import { declaredSignals, type Ruleset } from './ruleset.ts';
import { caseOutcomes } from './run-rule-tests.ts';
import { SlotTable } from './slots.ts';

/** All that is to be known of one rule, in words; null where there is nothing to say. */
export interface ExplainedRule {
  ruleId: string;
  file: string;
  line: number;
  enabled: boolean;
  /** "+15 points for intent", "stops the lead: competitor". */
  does: string;
  when: string;
  /** Fields and signals as written in rules. */
  reads: string[];
  why: string;
  decay: string | null;
  group: string | null;
  expires: string | null;
  owner: string | null;
  note: string | null;
  /** Cases of the tests beside the rules, by what the condition says in them. */
  tests: { fires: string[]; silent: string[]; unknown: string[] };
}

/** Null when no rule has this id. */
export function explainRule(
  ruleset: Ruleset,
  files: RuleFiles,
  ruleId: string,
): ExplainedRule | null {
  const listed = listRules(files).find((rule) => rule.ruleId === ruleId);
  const parsed = readRuleFiles(files, new ProblemList());
  if (listed === undefined || parsed === null) return null;
  const axes = [parsed.fit.value, parsed.intent.value];
  const source = axes.flatMap(({ rules }) => rules).find(({ id }) => id === ruleId);
  const groups = axes.flatMap((axis) => axis.groups ?? []);
  const { stops = [], floors = [], ceilings = [] } = parsed.disqualify.value;
  const kept = source ?? [...stops, ...floors, ...ceilings].find(({ id }) => id === ruleId);
  return {
    ruleId,
    file: listed.file,
    line: lineOf(files[listed.file] ?? '', ruleId),
    enabled: listed.enabled,
    does: doesWhat(listed),
    when: listed.when,
    reads: readsOf(ruleset, listed.when),
    why: listed.why,
    decay: decayText(source),
    group: groupText(groups.find(({ id }) => id === listed.group)),
    expires: kept?.expires ?? null,
    owner: kept?.owner ?? null,
    note: kept?.note ?? null,
    tests: testsOf(ruleset, files, ruleId),
  };
}

function lineOf(text: string, ruleId: string): number {
  const at = text.split('\n').findIndex((line) => {
    const [, id = ''] = /\bid:\s*["']?([\w.-]+)/.exec(line) ?? [];
    return id === ruleId;
  });
  return at + 1;
}

function doesWhat({ kind, points, axis, effect }: ListedRule): string {
  if (kind === 'points') return `${signed(points ?? 0)} points for ${axis}`;
  if (kind === 'stop') return `stops the lead: ${effect}`;
  return kind === 'floor' ? `at least tier ${effect}` : `at most tier ${effect}`;
}

/** From the text, since a ruleset leaves out what is switched off. */
function readsOf(ruleset: Ruleset, when: string): string[] {
  const table = new SlotTable(ruleset.fields);
  const lists = ruleset.model.lists ?? {};
  const signals = declaredSignals(ruleset);
  const context = createExpressionContext({ lists, signals, derived: false, table });
  const compiled = compileCondition(context, when);
  const names = (compiled.ok ? compiled.expression.reads : []).flatMap((index) => {
    const slot = table.slots[index];
    return slot === undefined || slot.kind === 'local' ? [] : [slotName(slot)];
  });
  return [...new Set(names)];
}

function decayText(source: RuleSource | undefined): string | null {
  if (source?.decay === undefined) return null;
  const { since, half_life } = source.decay;
  return `half of the points are left ${half_life} after ${since}, a quarter after twice that`;
}

function groupText(group: GroupSource | undefined): string | null {
  if (group === undefined) return null;
  if (group.pick === 'first') return `${group.id}: the first that fires counts`;
  if (group.pick === 'max') return `${group.id}: the largest counts`;
  return `${group.id}: all count, ${group.cap ?? 'without a'} ${group.cap === undefined ? 'limit' : 'points at most'}`;
}

function testsOf(ruleset: Ruleset, files: RuleFiles, ruleId: string): ExplainedRule['tests'] {
  const tests: ExplainedRule['tests'] = { fires: [], silent: [], unknown: [] };
  for (const { name, outcomes } of caseOutcomes(ruleset, files)) {
    const outcome = outcomes.get(ruleId);
    if (outcome === true) tests.fires.push(name);
    else if (outcome === false) tests.silent.push(name);
    else if (outcomes.has(ruleId)) tests.unknown.push(name);
  }
  return tests;
}
