import type { ASTNode } from '@marcbachmann/cel-js';
import type { Axis } from './assessment.ts';
import { childNodes } from './cel-environment.ts';
import { writeBinding, writeSignals } from './generate-binding.ts';
import { ConditionWriter } from './generate-condition.ts';
import { writeLines } from './generate-lines.ts';
import { GeneratedCode, linkCode, names } from './generated-code.ts';
import { decayed } from './judge-rules.ts';
import type { Judge } from './judged-lead.ts';
import { couldBeTrue } from './open-questions.ts';
import type { Judged, Ruleset, Unit } from './ruleset.ts';
import type { SlotTable, Value } from './slots.ts';

const NONE: readonly never[] = Object.freeze([]);

/** Larger rulesets are judged by closures: code that long is slow to make and not made fast. */
const MAX_RULES = 400;

/** What generated code of a ruleset looks like: text, and the constants that it names. */
export interface JudgeCode {
  source: string;
  constants: readonly unknown[];
}

/** Generated code that judges leads, one function for all rules; null where there is to be none. */
export function generateJudge(
  ruleset: Ruleset,
  table: SlotTable,
  lists: Readonly<Record<string, readonly string[]>>,
): Judge | null {
  if (ruleset.rules.length + ruleset.stops.length + ruleset.bounds.length > MAX_RULES) return null;
  const { source, constants } = writeJudge(ruleset, table, lists);
  return linkCode(source, constants) as Judge | null;
}

export function writeJudge(
  ruleset: Ruleset,
  table: SlotTable,
  lists: Readonly<Record<string, readonly string[]>>,
): JudgeCode {
  const code = new GeneratedCode();
  const writer = new ConditionWriter(code, table, lists);
  const judging = [
    ...ruleset.rules.flatMap((_, index) => writeRule(code, writer, ruleset, index)),
    ...ruleset.bounds.map((rule, index) => `const b${index} = ${condition(code, writer, rule)};`),
    ...ruleset.stops.flatMap((rule, index) => writeStop(code, writer, ruleset, rule, index)),
    'let fit = 0, intent = 0;',
    ...ruleset.units.flatMap((unit, index) => writeUnit(code, unit, index)),
  ];
  const lines = writeLines(code, writer, ruleset);
  const { slots } = table;
  const body = [
    'const time = date.getTime();',
    'const now = time === time ? time : 0;',
    ...writeBinding(code, slots),
    `const v = [${names('v', slots)}];`,
    `let undated = ${code.constant(Object.freeze([]))};`,
    ...judging,
    'const r = [];',
    ...lines.known,
    'const firstUnknown = r.length;',
    ...lines.unknown,
  ];
  const answers = (name: string, rules: readonly Judged[]) => {
    const fired = rules.map((_, index) => `${name}${index} === true`);
    // Most leads have none: no list is made for them.
    return fired.length === 0
      ? code.constant(NONE)
      : `${fired.join(' || ')} ? [${names(name, rules)}] : ${code.constant(NONE)}`;
  };
  const sums = 'now, sums: { fit, intent }, reasons: r';
  const all = [`bounds: [${names('b', ruleset.bounds)}]`, `stops: [${names('s', ruleset.stops)}]`];
  const fired = [
    `bounds: ${answers('b', ruleset.bounds)}`,
    `stops: ${answers('s', ruleset.stops)}`,
  ];
  const rest = [
    `outcomes: [${names('o', ruleset.rules)}]`,
    `points: [${names('p', ruleset.rules)}]`,
    `openStops: [${names('c', ruleset.stops)}]`,
    'values: v, undated, firstUnknown',
  ].join(', ');
  const functions = [
    ...writeSignals(code, slots),
    ...code.writeFunction('judgeLead', [
      ...body,
      `return { ${all.join(', ')}, ${sums}, ${rest} };`,
    ]),
    // Apart from the other: lists of all outcomes cost as much as a third of the rest.
    ...code.writeFunction('judgeKnown', [
      ...withoutUnread(body),
      `return { ${fired.join(', ')}, ${sums} };`,
    ]),
  ];
  const source = code.source(functions, '{ judgeLead, judgeKnown }');
  return { source, constants: code.constants };
}

/** Leaves out the list of all slots where no statement reads it. */
function withoutUnread(body: readonly string[]): string[] {
  const isList = (statement: string) => statement.startsWith('const v = ');
  const isRead = body.some((statement) => !isList(statement) && /\bv\b/.test(statement));
  return isRead ? [...body] : body.filter((statement) => !isList(statement));
}

function condition(code: GeneratedCode, writer: ConditionWriter, rule: Judged): string {
  const answer = writer.write(rule.condition);
  if (rule.expiresAt === null) return answer;
  return `now >= ${code.constant(rule.expiresAt)} ? false : ${answer}`;
}

/** `o`: outcome, `p`: points after decay, `a`: age where there is decay. */
function writeRule(
  code: GeneratedCode,
  writer: ConditionWriter,
  ruleset: Ruleset,
  index: number,
): string[] {
  const rule = ruleset.rules[index];
  if (rule === undefined) return [];
  const full = code.constant(rule.points);
  const judged = `${condition(code, writer, rule)};`;
  if (rule.decay === null) return [`const o${index} = ${judged}`, `const p${index} = ${full};`];
  const halfLife = code.constant(rule.decay.halfLifeMs);
  return [
    `let o${index} = ${judged}`,
    `let p${index} = ${full}, a${index} = null;`,
    `if (o${index} !== false) {`,
    `const since = ${writer.write(rule.decay.since)};`,
    `if (typeof since !== 'number') { o${index} = undefined; undated = [...undated, ${index}]; }`,
    `else { a${index} = Math.max(0, now - since); p${index} = ${code.constant(decayed)}(${full}, a${index} / ${halfLife}); }`,
    '}',
  ];
}

/** `s`: outcome of a hard stop, `c`: whether a missing value could make it fire. */
function writeStop(
  code: GeneratedCode,
  writer: ConditionWriter,
  ruleset: Ruleset,
  rule: Judged,
  index: number,
): string[] {
  const could = couldFire(code, ruleset, rule);
  return [
    `const s${index} = ${condition(code, writer, rule)};`,
    `const c${index} = s${index} === undefined && ${could};`,
  ];
}

/** `couldBeTrue`, worked out once for a condition that hangs on one field alone. */
function couldFire(code: GeneratedCode, ruleset: Ruleset, rule: Judged): string {
  const { reads, ast } = rule.condition;
  const isField = reads.every((index) => ruleset.slots[index]?.kind === 'field');
  if (reads.length === 1 && isField && ast !== null && !readsTime(ast)) {
    return `v${reads[0]} === undefined && ${couldBeTrue(ruleset, rule, [], 0)}`;
  }
  const could = (values: readonly Value[], now: number) => couldBeTrue(ruleset, rule, values, now);
  return `${code.constant(could)}(v, now)`;
}

/** Whether an expression compares with `now`. */
export function readsTime(node: ASTNode): boolean {
  return (node.op === 'id' && node.args === 'now') || childNodes(node).some(readsTime);
}

/** `w`: a rule that counts, `q`: one that could, `u`: points of a group, `d`: what it took away. */
function writeUnit(code: GeneratedCode, unit: Unit, index: number): string[] {
  const total: Axis = unit.axis;
  const [only] = unit.members;
  if (unit.group === null && only !== undefined) {
    return [
      `const w${only} = o${only} === true, q${only} = o${only} === undefined;`,
      `if (w${only}) ${total} += p${only};`,
    ];
  }
  const lines = [`let u${index} = 0, n${index} = 0, x${index} = false;`];
  for (const member of unit.members) {
    const isOpen = unit.pick === 'first' ? `!x${index} && ` : '';
    lines.push(
      `const w${member} = ${isOpen}o${member} === true, q${member} = ${isOpen}o${member} === undefined;`,
    );
    const counts =
      unit.pick === 'max'
        ? `u${index} = x${index} ? Math.max(u${index}, p${member}) : p${member};`
        : `u${index} += p${member};`;
    lines.push(`if (w${member}) { ${counts} n${index} += p${member}; x${index} = true; }`);
  }
  if (unit.pick === 'sum' && unit.cap !== null) {
    const cap = code.constant(unit.cap);
    lines.push(`u${index} = Math.max(0 - ${cap}, Math.min(${cap}, u${index}));`);
  }
  lines.push(`${total} += u${index};`, `const d${index} = u${index} - n${index};`);
  return lines;
}
