import type { ASTNode } from '@marcbachmann/cel-js';
import { checkedType, DURATION, TIMESTAMP } from './cel-environment.ts';
import { type Code, fold, type NodeCompiler } from './code.ts';
import { ExpressionProblem } from './expression-problem.ts';
import type { Value } from './slots.ts';

type BinaryNode = Extract<ASTNode, { op: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' }>;
type Comparison = (left: Value, right: Value) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '==': sameValue,
  '!=': (left, right) => !sameValue(left, right),
  '<': (left, right) => below(left, right),
  '<=': (left, right) => atMost(left, right),
  '>': (left, right) => below(right, left),
  '>=': (left, right) => atMost(right, left),
};
const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** Comparison, membership and arithmetic. */
export function binaryOperator(compilation: NodeCompiler, node: ASTNode): Code {
  const { op, args } = node as BinaryNode;
  if (op === 'in') return membership(compilation, args[0], args[1]);
  const left = compilation.node(args[0]);
  const right = compilation.node(args[1]);
  const compare = COMPARISONS[op];
  if (compare === undefined) {
    compilation.settle(left);
    compilation.settle(right);
    return fold([left, right], arithmetic(node as BinaryNode));
  }
  if (!addComparison(compilation, op, left, right)) {
    if (!addComparison(compilation, MIRRORED[op] ?? op, right, left)) {
      compilation.settle(left);
      compilation.settle(right);
    }
  }
  return fold([left, right], ([a, b]) => compare(a, b));
}

/** `slot op constant`: recorded as an atom. */
function addComparison(compilation: NodeCompiler, op: string, slotted: Code, fixed: Code): boolean {
  const value = fixed.constant?.value;
  const compare = COMPARISONS[op];
  if (slotted.slot === undefined || compare === undefined) return false;
  if (typeof value === 'boolean') return true;
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  // Text compared by alphabet has no finite set of cells that is worth having.
  if (typeof value === 'string' && op !== '==' && op !== '!=') return false;
  compilation.atoms.push({
    slot: slotted.slot,
    constants: [value],
    test: (candidate) => compare(candidate, value),
  });
  return true;
}

function membership(compilation: NodeCompiler, needle: ASTNode, haystack: ASTNode): Code {
  const item = compilation.node(needle);
  const list = compilation.node(haystack);
  const fixed = list.constant?.value;
  if (Array.isArray(fixed)) return oneOf(compilation, item, fixed);
  const wanted = item.constant?.value;
  if (list.slot !== undefined && typeof wanted === 'string') {
    const member = memberSlot(compilation, list.slot, wanted);
    if (member !== null) return member;
  }
  compilation.settle(item);
  compilation.settle(list);
  return fold([item, list], ([value, values]) => contains(values, value));
}

function oneOf(compilation: NodeCompiler, item: Code, values: readonly Value[]): Code {
  const set = new Set(values);
  const test = (value: Value) => set.has(value);
  if (item.slot !== undefined) {
    const constants = values.filter(
      (value): value is string | number => typeof value === 'string' || typeof value === 'number',
    );
    if (constants.length === values.length) {
      compilation.atoms.push({ slot: item.slot, constants, test });
    } else if (!values.every((value) => typeof value === 'boolean')) compilation.settle(item);
  }
  return fold([item], ([value]) => test(value));
}

/** Each `"x" in lead.topics` is a yes or no of its own: the range then need not try every list. */
export function memberSlot(compilation: NodeCompiler, slot: number, member: string): Code | null {
  const read = compilation.table.slots[slot];
  if (read?.kind !== 'field') return null;
  compilation.reads.delete(slot);
  if (compilation.whole.has(slot)) compilation.reads.add(slot);
  return compilation.slot(
    compilation.table.add({ kind: 'member', name: read.name, field: read.field, member }),
  );
}

function contains(list: Value, value: Value): boolean {
  return Array.isArray(list) && list.some((item) => sameValue(item, value));
}

function sameValue(left: Value, right: Value): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return left === right;
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

function below(left: Value, right: Value): boolean {
  return left !== undefined && right !== undefined && left < right;
}

function atMost(left: Value, right: Value): boolean {
  return left !== undefined && right !== undefined && left <= right;
}

export function not(value: Value): Value {
  return value === true ? false : value === false ? true : undefined;
}

export function negate(value: Value): Value {
  return typeof value === 'number' ? -value : undefined;
}

const MAX_TIME = 8_640_000_000_000_000;

function arithmetic(node: BinaryNode): (values: Value[]) => Value {
  const type = checkedType(node);
  const op: string = node.op;
  if (type === 'string') return ([a, b]) => joined(a, b);
  if (type === 'int') return numbers((a, b) => safeInteger(integerResult(op, a, b)));
  if (type === 'double') return numbers((a, b) => doubleResult(op, a, b));
  if (type === TIMESTAMP) return numbers((a, b) => timeResult(op, a, b));
  if (type === DURATION) return numbers((a, b) => safeInteger(op === '-' ? a - b : a + b));
  if (type.startsWith('list<'))
    return ([a, b]) => (isList(a) && isList(b) ? [...a, ...b] : undefined);
  throw new ExpressionProblem(`"${op}" is not available between these`, node);
}

const MAX_TEXT = 100_000;

function joined(left: Value, right: Value): Value {
  if (typeof left !== 'string' || typeof right !== 'string') return undefined;
  return left.length + right.length > MAX_TEXT ? undefined : left + right;
}

function isList(value: Value): value is readonly (string | number | boolean)[] {
  return Array.isArray(value);
}

function numbers(apply: (a: number, b: number) => Value): (values: Value[]) => Value {
  return ([a, b]) => (typeof a === 'number' && typeof b === 'number' ? apply(a, b) : undefined);
}

/** Division by zero is unknown, as it is an error in CEL. */
function integerResult(op: string, a: number, b: number): number {
  if (op === '+') return a + b;
  if (op === '-') return a - b;
  if (op === '*') return a * b;
  if (b === 0) return Number.NaN;
  return op === '/' ? Math.trunc(a / b) : a % b;
}

function doubleResult(op: string, a: number, b: number): number {
  if (op === '+') return a + b;
  if (op === '-') return a - b;
  return op === '*' ? a * b : a / b;
}

function timeResult(op: string, a: number, b: number): Value {
  const time = op === '-' ? a - b : a + b;
  return Math.abs(time) <= MAX_TIME ? time : undefined;
}

function safeInteger(value: number): Value {
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}
