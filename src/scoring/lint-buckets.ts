import { numericSamples } from './cells.ts';
import { slotName } from './observed-fields.ts';
import type { ParsedRuleFiles } from './read-rule-files.ts';
import type { ProblemList } from './rule-problem.ts';
import type { PointRule, RuleGroup, Ruleset } from './ruleset.ts';
import type { Value } from './slots.ts';
import { formatNumber } from './why-template.ts';

/**
 * Buckets are a `first` group whose rules all compare one number with constants. A bucket inside a wider
 * one that follows it is how such groups are meant to be written, so only partial overlaps are told.
 */
export function lintBuckets(
  ruleset: Ruleset,
  parsed: ParsedRuleFiles,
  problems: ProblemList,
): void {
  for (const group of ruleset.groups) {
    const rules = group.members.flatMap((index) => ruleset.rules[index] ?? []);
    const slot = sharedNumber(ruleset, group, rules);
    if (slot === null) continue;
    const read = ruleset.slots[slot];
    const atoms = rules.flatMap((rule) => rule.condition.atoms);
    const samples = read === undefined ? null : numericSamples(read, atoms);
    if (read === undefined || samples === null) continue;
    const hits = rules.map((rule) => samples.map((value) => fires(ruleset, rule, slot, value)));
    const report = (ruleId: string, message: string, hint: string) => {
      const { file, at } = placeOf(parsed, group, ruleId);
      problems.add('warning', file, at, message, hint);
    };
    const name = slotName(read);
    tellShadowed(rules, hits, report);
    tellOverlaps(rules, hits, samples, name, report);
    tellGaps(rules, hits, samples, name, report);
  }
}

type Report = (ruleId: string, message: string, hint: string) => void;

function sharedNumber(ruleset: Ruleset, group: RuleGroup, rules: PointRule[]): number | null {
  const [slot] = rules[0]?.condition.reads ?? [];
  if (group.pick !== 'first' || rules.length < 2 || slot === undefined) return null;
  const plain = rules.every(
    ({ condition }) =>
      condition.reads.length === 1 &&
      condition.reads[0] === slot &&
      !condition.whole.has(slot) &&
      !/\bnow\b/.test(condition.source),
  );
  return plain && ruleset.cells[slot] !== null ? slot : null;
}

function fires(ruleset: Ruleset, rule: PointRule, slot: number, value: number): boolean {
  const values: Value[] = ruleset.slots.map(() => undefined);
  values[slot] = value;
  return rule.condition.run(values, 0) === true;
}

/** Whether an earlier bucket lasts as long as a later one: what expires first leaves its values to the other. */
function outlasts(earlier: PointRule | undefined, later: PointRule): boolean {
  return (
    (earlier?.expiresAt ?? Number.POSITIVE_INFINITY) >=
    (later.expiresAt ?? Number.POSITIVE_INFINITY)
  );
}

function tellShadowed(rules: PointRule[], hits: boolean[][], report: Report): void {
  rules.forEach((rule, index) => {
    const own = hits[index] ?? [];
    const before = hits.filter((_hits, at) => at < index && outlasts(rules[at], rule));
    const counts = own.some((hit, at) => hit && !before.some((other) => other[at]));
    if (counts || !own.includes(true)) return;
    const message = `"${rule.id}" never counts: the rules before it take all of its values`;
    report(rule.id, message, 'Put the narrower bucket first.');
  });
}

function tellOverlaps(
  rules: PointRule[],
  hits: boolean[][],
  samples: number[],
  name: string,
  report: Report,
): void {
  rules.forEach((rule, index) => {
    rules.slice(0, index).forEach((earlier, position) => {
      const own = hits[index] ?? [];
      const other = hits[position] ?? [];
      const shared = own.findIndex((hit, at) => hit && other[at] === true);
      const onlyOwn = own.some((hit, at) => hit && other[at] !== true);
      const onlyOther = other.some((hit, at) => hit && own[at] !== true);
      if (shared === -1 || !onlyOwn || !onlyOther || !outlasts(earlier, rule)) return;
      const value = formatNumber(samples[shared] ?? 0);
      const message = `"${rule.id}" and "${earlier.id}" overlap at ${name} = ${value}`;
      report(rule.id, message, `"${earlier.id}" comes first and counts there.`);
    });
  });
}

function tellGaps(
  rules: PointRule[],
  hits: boolean[][],
  samples: number[],
  name: string,
  report: Report,
): void {
  const covered = samples.map((_value, at) => hits.some((own) => own[at] === true));
  const first = covered.indexOf(true);
  const last = covered.lastIndexOf(true);
  for (let at = first + 1; at < last; at++) {
    if (covered[at] || !covered[at - 1]) continue;
    const rule = rules.find((_rule, index) => hits[index]?.[at - 1] === true);
    if (rule === undefined) continue;
    const message = `No bucket holds ${name} = ${formatNumber(samples[at] ?? 0)}`;
    report(rule.id, message, 'Let one bucket end where the next begins: >= 20 && < 200.');
  }
}

function placeOf(parsed: ParsedRuleFiles, group: RuleGroup, ruleId: string) {
  for (const name of ['fit', 'intent'] as const) {
    const index = parsed[name].value.rules.findIndex((rule) => rule.id === ruleId);
    if (index === -1) continue;
    return { file: `${name}.yml`, at: parsed[name].locate(['rules', index, 'when'])() };
  }
  return { file: `${group.axis}.yml`, at: { line: 1, column: 1 } };
}
