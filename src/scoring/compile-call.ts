import type { ASTNode } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { checkedType, DURATION_FUNCTIONS, MATCHES } from './cel-environment.ts';
import { LOOPS, signalWindow } from './check-names.ts';
import { type Code, constant, fold, type NodeCompiler, type Run } from './code.ts';
import { ExpressionProblem } from './expression-problem.ts';
import { memberSlot } from './operators.ts';
import { patternProblem } from './pattern-problem.ts';
import type { Value } from './slots.ts';

type CallNode = Extract<ASTNode, { op: 'call' }>;
type MethodNode = Extract<ASTNode, { op: 'rcall' }>;

export function compileCall(compilation: NodeCompiler, node: CallNode): Code {
  const [name, args] = node.args;
  const [first] = args;
  if (first === undefined || args.length !== 1) {
    throw new ExpressionProblem(`${name}() takes one value`, node);
  }
  if (name === 'has') return presence(compilation, first);
  const operand = compilation.operand(first);
  const unit = Object.hasOwn(DURATION_FUNCTIONS, name) ? DURATION_FUNCTIONS[name] : undefined;
  if (unit !== undefined) {
    return fold([operand], ([amount]) => {
      const ms = typeof amount === 'number' ? amount * unit : Number.NaN;
      return Number.isSafeInteger(ms) ? ms : undefined;
    });
  }
  if (name === 'size') return fold([operand], ([value]) => sizeOf(value));
  if (name === 'double') return toDouble(node, first, operand);
  if (name === 'int') return toInt(node, first, operand);
  if (name === 'timestamp') return timestamp(node, operand);
  throw new ExpressionProblem(`Unknown function "${name}"`, node);
}

function presence(compilation: NodeCompiler, field: ASTNode): Code {
  const [left, last] = field.op === '.' ? field.args : [];
  const name = left?.op === 'id' ? `${left.args}.${last}` : '';
  const definition = compilation.table.field(name);
  if (definition === undefined) throw new ExpressionProblem('has() takes one field', field);
  return compilation.slot(compilation.table.add({ kind: 'presence', name, field: definition }));
}

function toDouble(node: ASTNode, arg: ASTNode, operand: Code): Code {
  if (!['int', 'double'].includes(checkedType(arg))) {
    throw new ExpressionProblem('double() takes a number', node);
  }
  return fold([operand], ([value]) => value);
}

function toInt(node: ASTNode, arg: ASTNode, operand: Code): Code {
  if (!['int', 'double'].includes(checkedType(arg))) {
    throw new ExpressionProblem('int() takes a number', node);
  }
  return fold([operand], ([value]) => {
    const whole = typeof value === 'number' ? Math.trunc(value) : Number.NaN;
    return Number.isSafeInteger(whole) ? whole + 0 : undefined;
  });
}

const TIMESTAMP_TEXT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$/;

function timestamp(node: ASTNode, operand: Code): Code {
  const text = operand.constant?.value;
  const [whole = '', day] = (typeof text === 'string' && TIMESTAMP_TEXT.exec(text)) || [];
  const hint = 'Write timestamp("2026-01-31T00:00:00Z").';
  if (day !== undefined && !isDay(day)) {
    throw new ExpressionProblem(`There is no day ${day}`, node, hint);
  }
  const ms = Date.parse(whole);
  if (Number.isNaN(ms)) {
    throw new ExpressionProblem('timestamp() takes a day and time in quotes', node, hint);
  }
  return constant(ms);
}

/** Date.parse takes 30 February for 2 March. */
function isDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

export function compileMethod(compilation: NodeCompiler, node: MethodNode): Code {
  const [name, receiver, args] = node.args;
  if (receiver.op === 'id' && receiver.args === 'signals') {
    return compileSignals(compilation, node, name, args);
  }
  if (LOOPS.includes(name)) return compileLoop(compilation, node);
  const text = compilation.operand(receiver);
  const [first] = args;
  if (first === undefined) return fold([text], ([value]) => withoutArgument(name, value));
  const argument = compilation.operand(first);
  if (name === MATCHES) return matcher(first, text, argument);
  const test = TEXT_TESTS[name];
  if (test === undefined || args.length > 1) {
    throw new ExpressionProblem(`Unknown method "${name}"`, node);
  }
  return fold([text, argument], ([value, other]) =>
    typeof value === 'string' && typeof other === 'string' ? test(value, other) : undefined,
  );
}

const TEXT_TESTS: Readonly<Record<string, (text: string, other: string) => boolean>> = {
  startsWith: (text, other) => text.startsWith(other),
  endsWith: (text, other) => text.endsWith(other),
  contains: (text, other) => text.includes(other),
};

function withoutArgument(name: string, value: Value): Value {
  if (name === 'size') return sizeOf(value);
  if (typeof value !== 'string') return undefined;
  if (name === 'lowerAscii') return value.toLowerCase();
  if (name === 'upperAscii') return value.toUpperCase();
  return name === 'trim' ? value.trim() : undefined;
}

/** Text counts characters, not UTF-16 units, as CEL says. */
function sizeOf(value: Value): Value {
  if (typeof value === 'string') return [...value].length;
  return Array.isArray(value) ? value.length : undefined;
}

const MAX_PATTERN = 200;

/** RE2: linear in the length of the text, whatever the pattern. */
function matcher(node: ASTNode, text: Code, argument: Code): Code {
  const pattern = argument.constant?.value;
  if (typeof pattern !== 'string' || pattern.length > MAX_PATTERN) {
    const most = `at most ${MAX_PATTERN} characters`;
    throw new ExpressionProblem(`matches() takes a pattern in quotes, of ${most}`, node);
  }
  const compiled = compilePattern(node, pattern);
  return fold([text], ([value]) =>
    typeof value === 'string' ? compiled.matcher(value).find() : undefined,
  );
}

function compilePattern(node: ASTNode, pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const { message, hint } = patternProblem(error);
    throw new ExpressionProblem(message, node, hint);
  }
}

function compileSignals(
  compilation: NodeCompiler,
  node: ASTNode,
  name: string,
  args: ASTNode[],
): Code {
  const [kind, window] = args;
  const signal = kind?.op === 'value' && typeof kind.args === 'string' ? kind.args : null;
  if (signal === null) throw new ExpressionProblem('The kind must be a text in quotes', node);
  if (name === 'last') return compilation.slot(compilation.table.add({ kind: 'last', signal }));
  const windowMs = window === undefined ? null : signalWindow(window);
  const count = compilation.slot(compilation.table.add({ kind: 'count', signal, windowMs }));
  if (name !== 'has') return count;
  const test = (value: Value) => typeof value === 'number' && value > 0;
  if (count.slot !== undefined) compilation.atoms.push({ slot: count.slot, constants: [0], test });
  return fold([count], ([value]) => test(value));
}

function compileLoop(compilation: NodeCompiler, node: MethodNode): Code {
  const [name, receiver, args] = node.args;
  const [variable, body] = args;
  if (variable?.op !== 'id' || body === undefined) {
    throw new ExpressionProblem(`${name}() takes a name and a condition`, node);
  }
  const list = compilation.node(receiver);
  const members = name === 'exists' ? wantedMembers(compilation, variable.args, body) : null;
  if (members !== null && list.slot !== undefined) {
    const { slot } = list;
    const codes = members.map((member) => memberSlot(compilation, slot, member));
    const runs = codes.flatMap((code) => (code === null ? [] : [code.run]));
    if (runs.length === members.length) return { run: anyOf(runs) };
  }
  compilation.settle(list);
  return compilation.withLocal(variable.args, (slot) => {
    const step = compilation.operand(body).run;
    return { run: loop(name, list.run, slot, step) };
  });
}

/** The texts of `exists(t, t == "x")` and `exists(t, t in ["x", "y"])`; null for any other body. */
function wantedMembers(compilation: NodeCompiler, name: string, body: ASTNode): string[] | null {
  if (body.op !== '==' && body.op !== 'in') return null;
  const [left, right] = body.args;
  if (left.op !== 'id' || left.args !== name) return null;
  const literal = right.op === 'list' && right.args.every((item) => item.op === 'value');
  const list = right.op === '.' && right.args[0].op === 'id' && right.args[0].args === 'lists';
  if (right.op !== 'value' && !literal && !list) return null;
  const value = compilation.node(right).constant?.value;
  const wanted = Array.isArray(value) ? value : [value];
  const usable = wanted.length > 0 && wanted.length <= 50;
  return usable && wanted.every((item) => typeof item === 'string') ? wanted : null;
}

function anyOf(runs: readonly Run[]): Run {
  return (values, now) => {
    let result: Value = false;
    for (const run of runs) {
      const value = run(values, now);
      if (value === true) return true;
      if (value === undefined) result = undefined;
    }
    return result;
  };
}

/** exists and all absorb an unknown as || and && do; exists_one and filter need every answer. */
function loop(name: string, list: Run, slot: number, step: Run): Run {
  return (values, now) => {
    const items = list(values, now);
    if (!Array.isArray(items)) return undefined;
    const kept: (string | number | boolean)[] = [];
    let unknown = false;
    for (const item of items) {
      values[slot] = item;
      const answer = step(values, now);
      if (answer === undefined) unknown = true;
      else if (answer === true) kept.push(item);
      if (name === 'exists' && answer === true) return true;
      if (name === 'all' && answer === false) return false;
    }
    if (unknown) return undefined;
    if (name === 'filter') return kept;
    return name === 'exists_one' ? kept.length === 1 : name === 'all';
  };
}
