import type { ASTNode } from '@marcbachmann/cel-js';
import { childNodes, DURATION_FUNCTIONS, MATCHES, ROOTS } from './cel-environment.ts';
import { closestName } from './closest-name.ts';
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
/** Names of the same things in other languages, and other ways to write them. */
const MEANT: Readonly<Record<string, string>> = {
  ...{ len: 'size', length: 'size', count: 'size' },
  ...{ includes: 'contains', has: 'contains', match: 'matches', regex: 'matches' },
  ...{ lower: 'lowerAscii', toLowerCase: 'lowerAscii', lowercase: 'lowerAscii' },
  ...{ upper: 'upperAscii', toUpperCase: 'upperAscii', uppercase: 'upperAscii' },
  ...{ any: 'exists', some: 'exists', every: 'all', strip: 'trim' },
  ...{ date: 'timestamp', datetime: 'timestamp', duration: 'days', weeks: 'days' },
  ...{ float: 'double', number: 'double', integer: 'int', exists: 'has', defined: 'has' },
};
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
      throw new ExpressionProblem('Braces { } are not available in conditions', node);
    case '.?':
    case '[?]':
      throw new ExpressionProblem('".?" is not available in conditions', node, 'Use has().');
    case '/':
    case '%':
      checkDivisor(node.args[1]);
      for (const child of node.args) check(child);
      return;
    default:
      for (const child of childNodes(node)) check(child);
  }
}

function checkDivisor(divisor: ASTNode): void {
  if (divisor.op !== 'value' || Number(divisor.args) !== 0) return;
  throw new ExpressionProblem('Nothing can be divided by zero', divisor);
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
  const { fields, lists, derived } = vocabulary;
  const field = Object.keys(fields).find((known) => known.endsWith(`.${name}`));
  if (field !== undefined) return `Did you mean "${field}"?`;
  if (lists.includes(name)) return `Did you mean "lists.${name}"?`;
  if (/^(true|false)$/i.test(name)) return `Write ${name.toLowerCase()}.`;
  const own = ['tier', 'points'];
  if (own.includes(name)) return 'Only routing.yml can ask for it: here it is not known yet.';
  const known = [...ROOTS, 'lists', 'signals', 'now', ...(derived ? own : []), ...locals];
  const meant = closestName(name, known) ?? spelled(name, Object.keys(fields));
  return meant === undefined ? `A text stands in quotes: "${name}".` : `Did you mean "${meant}"?`;
}

function lastPart(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}

function checkAccess(
  node: Extract<ASTNode, { op: '.' }>,
  vocabulary: Vocabulary,
  check: (child: ASTNode) => void,
): void {
  const [left, name] = node.args;
  if (left.op !== 'id') {
    check(left);
    throw new ExpressionProblem(`There is no field "${name}" here`, node, insideHint(left, name));
  }
  const place = { start: node.pos, end: node.end };
  if (isRoot(left.args)) {
    checkField(`${left.args}.${name}`, vocabulary.fields, place);
    return;
  }
  if (left.args === 'lists') {
    if (vocabulary.lists.includes(name)) return;
    const known = vocabulary.lists.join(', ');
    const hint = didYouMean(name, vocabulary.lists) ?? `Known in model.yml: ${known}.`;
    throw new ExpressionProblem(`Unknown list "${name}"`, place, hint);
  }
  if (left.args === 'signals') {
    const hint = `Write signals.count("${name}"), signals.has("${name}") or signals.last("${name}").`;
    throw new ExpressionProblem(`"signals.${name}" is not a value`, place, hint);
  }
  check(left);
  throw new ExpressionProblem(`There is no field "${name}" here`, place, insideHint(left, name));
}

/** What people look for in a value, as in other languages: lead.topics.length. */
function insideHint(inside: ASTNode, name: string): string | undefined {
  if (!['length', 'size', 'count'].includes(name)) return undefined;
  if (inside.op === 'id') return `Write size(${inside.args}).`;
  if (inside.op !== '.' || inside.args[0].op !== 'id') return undefined;
  return `Write size(${inside.args[0].args}.${inside.args[1]}).`;
}

function checkField(
  name: string,
  fields: FieldCatalog,
  place: { start: number; end: number },
): void {
  if (Object.hasOwn(fields, name)) return;
  const { message, hint } = unknownField(name, fields);
  throw new ExpressionProblem(message, place, hint);
}

/** What to say of a field that does not exist: the one that was meant, or those that exist. */
export function unknownField(
  name: string,
  fields: FieldCatalog,
): { message: string; hint: string } {
  const root = name.split('.')[0];
  const siblings = Object.keys(fields).filter((known) => known.startsWith(`${root}.`));
  const known =
    siblings.length > 0
      ? `Known: ${siblings.join(', ')}.`
      : 'Fields of your own are declared under "fields" in model.yml.';
  return {
    message: `Unknown field "${name}"`,
    hint: closestField(name, fields, siblings) ?? known,
  };
}

/** The same name elsewhere, the nearest spelling, or what is made from the thing named (lead.title). */
function closestField(name: string, fields: FieldCatalog, siblings: readonly string[]) {
  const names = Object.keys(fields);
  const last = lastPart(name);
  const elsewhere = names.find((known) => lastPart(known) === last);
  const spelt = elsewhere ?? spelled(last, siblings);
  if (spelt !== undefined) return `Did you mean "${spelt}"?`;
  const words = last
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split('_');
  const made = siblings.filter((known) => isMadeFrom(fields[known], words));
  if (made.length > 0) return `Did you mean ${made.map((known) => `"${known}"`).join(' or ')}?`;
  const ofRoot = names.filter((known) => known.startsWith(`${last}.`));
  if (ofRoot.length > 0) return `Known: ${ofRoot.join(', ')}.`;
  const far = spelled(last, names);
  return far === undefined ? undefined : `Did you mean "${far}"?`;
}

function spelled(last: string, names: readonly string[]): string | undefined {
  const closest = closestName(last, names.map(lastPart));
  return names.find((known) => lastPart(known) === closest);
}

function isMadeFrom(field: FieldCatalog[string] | undefined, words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  return field?.from === words.join('_') || field?.from === last || labelEnds(field, last);
}

function labelEnds(field: FieldCatalog[string] | undefined, word: string): boolean {
  return field?.label.split(' ').at(-1) === word;
}

function checkCall(
  node: ASTNode,
  name: string,
  args: ASTNode[],
  check: (child: ASTNode) => void,
): void {
  if (!FUNCTIONS.includes(name)) {
    const hint = meantName(name, FUNCTIONS) ?? `Known: ${FUNCTIONS.join(', ')}.`;
    throw new ExpressionProblem(`Unknown function "${name}"`, node, hint);
  }
  for (const arg of args) {
    check(arg);
    if (name === 'has' && !isFieldAccess(arg)) {
      throw new ExpressionProblem('has() takes one field', arg, 'Such as has(lead.country).');
    }
  }
}

function meantName(name: string, known: readonly string[]): string | undefined {
  const meant = Object.hasOwn(MEANT, name) ? MEANT[name] : undefined;
  if (meant !== undefined && known.includes(meant)) return `Did you mean "${meant}"?`;
  return didYouMean(name, known);
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
      const hint = `Such as lead.topics.${name}(t, t == "demo").`;
      throw new ExpressionProblem(`${name}() takes a name and a condition`, node, hint);
    }
    checkNames(body, vocabulary, [...locals, variable.args]);
    return;
  }
  if (!STRING_METHODS.includes(shown)) {
    const known = [...STRING_METHODS, ...LOOPS];
    const hint = meantName(shown, known) ?? `Known: ${known.join(', ')}.`;
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
    const hint = kind.op === 'id' ? `Write signals.${name}("${kind.args}").` : undefined;
    throw new ExpressionProblem('The kind of signal must be a text in quotes', kind, hint);
  }
  if (window !== undefined && signalWindow(window) === null) {
    const whole = window.op === 'value' && typeof window.args === 'bigint';
    const hint = whole ? `Write days(${window.args}).` : 'Such as days(14) or hours(36).';
    const message = 'The time span must be a whole number of days, hours or minutes';
    throw new ExpressionProblem(message, window, hint);
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
