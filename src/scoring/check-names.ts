import type { ASTNode } from '@marcbachmann/cel-js';
import { childNodes, DURATION_FUNCTIONS, MATCHES, ROOTS } from './cel-environment.ts';
import { ExpressionProblem } from './expression-problem.ts';
import type { FieldCatalog } from './features.ts';
import { didYouMean } from './rule-problem.ts';

/** What an expression may name. */
export interface Vocabulary {
  lists: readonly string[];
  fields: FieldCatalog;
  /** Signal kinds that a source is declared to send. */
  signals: readonly string[];
  /** Whether `tier` and `points` may be read. */
  derived: boolean;
}

const FUNCTIONS = ['has', 'size', 'double', 'int', 'timestamp', ...Object.keys(DURATION_FUNCTIONS)];
const STRING_METHODS = [
  'startsWith',
  'endsWith',
  'contains',
  'matches',
  'lowerAscii',
  'upperAscii',
  'trim',
  'size',
];
export const LOOPS = ['exists', 'all', 'exists_one', 'filter'];
const SIGNAL_METHODS = ['count', 'has', 'last'];

export function isRoot(name: string): boolean {
  return ROOTS.some((root) => root === name);
}

/** Throws an ExpressionProblem at the first name or form that rules may not use. */
export function checkNames(
  node: ASTNode,
  vocabulary: Vocabulary,
  locals: readonly string[] = [],
): void {
  const check = (child: ASTNode) => checkNames(child, vocabulary, locals);
  switch (node.op) {
    case 'value':
      checkLiteral(node);
      return;
    case 'id':
      checkIdentifier(node, node.args, vocabulary, locals);
      return;
    case '.':
      checkAccess(node, vocabulary, check);
      return;
    case 'call':
      checkCall(node, node.args[0], node.args[1], check);
      return;
    case 'rcall':
      checkMethod(node, vocabulary, locals);
      return;
    case 'map':
    case '.?':
    case '[?]':
      throw new ExpressionProblem('This form is not available in rules', node);
    default:
      for (const child of childNodes(node)) check(child);
  }
}

function checkLiteral(node: ASTNode): void {
  const value = node.args;
  if (typeof value === 'bigint' && !Number.isSafeInteger(Number(value))) {
    throw new ExpressionProblem('This whole number is too large', node);
  }
  if (value === null) {
    throw new ExpressionProblem('null is not available in rules', node, 'Use has(lead.country).');
  }
  if (typeof value === 'object') {
    throw new ExpressionProblem('This kind of literal is not available in rules', node);
  }
}

function checkIdentifier(
  node: ASTNode,
  name: string,
  vocabulary: Vocabulary,
  locals: readonly string[],
): void {
  if (name === 'now' || locals.includes(name)) return;
  if (vocabulary.derived && (name === 'tier' || name === 'points')) return;
  if (isRoot(name) || name === 'lists' || name === 'signals') {
    const example = name === 'lists' ? vocabulary.lists[0] : undefined;
    const field = Object.keys(vocabulary.fields).find((known) => known.startsWith(`${name}.`));
    const hint = name === 'signals' ? 'signals.count("kind")' : (field ?? `lists.${example}`);
    throw new ExpressionProblem(`"${name}" is a group, not a value`, node, `Such as ${hint}.`);
  }
  throw new ExpressionProblem(`Unknown name "${name}"`, node, nameHint(name, vocabulary, locals));
}

function nameHint(name: string, vocabulary: Vocabulary, locals: readonly string[]) {
  const field = Object.keys(vocabulary.fields).find((known) => known.endsWith(`.${name}`));
  if (field !== undefined) return `Did you mean "${field}"?`;
  const derived = vocabulary.derived ? ['tier', 'points'] : [];
  return didYouMean(name, [...ROOTS, 'lists', 'signals', 'now', ...derived, ...locals]);
}

function checkAccess(
  node: Extract<ASTNode, { op: '.' }>,
  vocabulary: Vocabulary,
  check: (child: ASTNode) => void,
): void {
  const [left, name] = node.args;
  if (left.op !== 'id') {
    check(left);
    throw new ExpressionProblem(`There is no field "${name}" here`, node);
  }
  const place = { start: node.pos, end: node.end };
  if (isRoot(left.args)) {
    checkField(`${left.args}.${name}`, vocabulary.fields, place);
    return;
  }
  if (left.args === 'lists') {
    if (vocabulary.lists.includes(name)) return;
    const hint = didYouMean(name, vocabulary.lists) ?? 'Lists are declared in model.yml.';
    throw new ExpressionProblem(`Unknown list "${name}"`, place, hint);
  }
  if (left.args === 'signals') {
    const hint = `Write signals.count("${name}"), signals.has("${name}") or signals.last("${name}").`;
    throw new ExpressionProblem(`"signals.${name}" is not a value`, place, hint);
  }
  check(left);
  throw new ExpressionProblem(`There is no field "${name}" here`, place);
}

function checkField(
  name: string,
  fields: FieldCatalog,
  place: { start: number; end: number },
): void {
  if (Object.hasOwn(fields, name)) return;
  const names = Object.keys(fields);
  const root = name.split('.')[0];
  const last = name.slice(name.indexOf('.') + 1);
  const elsewhere = names.find((known) => known.endsWith(`.${last}`));
  const siblings = names.filter((known) => known.startsWith(`${root}.`));
  const hint =
    elsewhere !== undefined
      ? `Did you mean "${elsewhere}"?`
      : (didYouMean(name, siblings) ?? didYouMean(name, names));
  const known =
    siblings.length > 0
      ? `Known: ${siblings.join(', ')}.`
      : 'Fields of your own are declared under "fields" in model.yml.';
  throw new ExpressionProblem(`Unknown field "${name}"`, place, hint ?? known);
}

function checkCall(
  node: ASTNode,
  name: string,
  args: ASTNode[],
  check: (child: ASTNode) => void,
): void {
  if (!FUNCTIONS.includes(name)) {
    const hint = didYouMean(name, FUNCTIONS) ?? `Known: ${FUNCTIONS.join(', ')}.`;
    throw new ExpressionProblem(`Unknown function "${name}"`, node, hint);
  }
  for (const arg of args) {
    check(arg);
    if (name === 'has' && !isFieldAccess(arg)) {
      throw new ExpressionProblem('has() takes one field', arg, 'Such as has(lead.country).');
    }
  }
}

function isFieldAccess(node: ASTNode): boolean {
  return node.op === '.' && node.args[0].op === 'id' && isRoot(node.args[0].args);
}

function checkMethod(
  node: Extract<ASTNode, { op: 'rcall' }>,
  vocabulary: Vocabulary,
  locals: readonly string[],
): void {
  const [name, receiver, args] = node.args;
  const shown = name === MATCHES ? 'matches' : name;
  if (receiver.op === 'id' && receiver.args === 'signals') {
    checkSignals(node, shown, args);
    return;
  }
  checkNames(receiver, vocabulary, locals);
  if (LOOPS.includes(name)) {
    if (locals.length > 0) {
      throw new ExpressionProblem('A loop inside a loop is not available in rules', node);
    }
    const [variable, body] = args;
    if (variable?.op !== 'id' || body === undefined || args.length !== 2) {
      throw new ExpressionProblem(`${name}() takes a name and a condition`, node);
    }
    checkNames(body, vocabulary, [...locals, variable.args]);
    return;
  }
  if (!STRING_METHODS.includes(shown)) {
    const known = [...STRING_METHODS, ...LOOPS];
    const hint = didYouMean(shown, known) ?? `Known: ${known.join(', ')}.`;
    throw new ExpressionProblem(`Unknown method "${shown}"`, node, hint);
  }
  for (const arg of args) checkNames(arg, vocabulary, locals);
}

/** Kinds and windows are constants, so that each count has a slot of its own. */
function checkSignals(node: ASTNode, name: string, args: ASTNode[]): void {
  if (!SIGNAL_METHODS.includes(name)) {
    const hint = didYouMean(name, SIGNAL_METHODS) ?? 'Known: count, has, last.';
    throw new ExpressionProblem(`Unknown method "signals.${name}"`, node, hint);
  }
  const [kind, window] = args;
  if (kind === undefined || args.length > (name === 'last' ? 1 : 2)) {
    const usage = name === 'last' ? `signals.last("kind")` : `signals.${name}("kind", days(14))`;
    throw new ExpressionProblem(`signals.${name} is written ${usage}`, node);
  }
  if (kind.op !== 'value' || typeof kind.args !== 'string') {
    throw new ExpressionProblem('The kind of signal must be a text in quotes', kind);
  }
  if (window !== undefined && signalWindow(window) === null) {
    const hint = 'Such as days(14) or hours(36).';
    throw new ExpressionProblem('The time span must be a constant', window, hint);
  }
}

/** Milliseconds of days(14), hours(36), minutes(30); null when it is anything else. */
export function signalWindow(node: ASTNode): number | null {
  if (node.op !== 'call') return null;
  const unit = Object.hasOwn(DURATION_FUNCTIONS, node.args[0])
    ? DURATION_FUNCTIONS[node.args[0]]
    : undefined;
  const amount = node.args[1][0];
  if (unit === undefined || amount?.op !== 'value' || typeof amount.args !== 'bigint') return null;
  const ms = Number(amount.args) * unit;
  return Number.isSafeInteger(ms) ? ms : null;
}
