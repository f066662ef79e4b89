import type { ASTNode } from '@marcbachmann/cel-js';
import { checkedType, DURATION, MATCHES, TIMESTAMP } from './cel-environment.ts';
import { type CelError, celError } from './cel-error.ts';
import { ExpressionProblem } from './expression-problem.ts';

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number (int)',
  double: 'a decimal number (double)',
  bool: 'true or false',
  [TIMESTAMP]: 'a time',
  [DURATION]: 'a time span',
  'list<string>': 'a list of texts',
  'list<int>': 'a list of whole numbers',
  'list<double>': 'a list of decimal numbers',
};

/** A CEL type in words: "a whole number (int)". */
export function said(type: string): string {
  return TYPE_WORDS[type] ?? (type.startsWith('list') ? 'a list' : type);
}

/** Types that do not go together. */
export function typeProblem(error: unknown, source: string): ExpressionProblem {
  const { summary, range, node } = celError(error, source);
  const operator = /^no such overload: (\S+) (==|!=|<=|>=|<|>|in|[-+*/%]) (\S+)$/.exec(summary);
  if (operator !== null) {
    const [, left = '', op = '', right = ''] = operator;
    const sides = `the left side is ${said(left)}, the right side is ${said(right)}`;
    const hint = typeHint(left, op, right, node);
    return new ExpressionProblem(`"${op}" does not fit here: ${sides}`, range, hint);
  }
  const call = /^found no matching overload for '(?:[\w<>.]+\.)?(\w+)\(/.exec(lowerFirst(summary));
  if (call !== null) return wrongCall(call[1] ?? '', node, range);
  for (const [pattern, tell] of TYPE_SENTENCES) {
    const match = pattern.exec(lowerFirst(summary));
    if (match !== null) {
      const [message, hint] = tell(match);
      return new ExpressionProblem(message, range, hint);
    }
  }
  const words = summary.replaceAll('google.protobuf.', '');
  return new ExpressionProblem(words.charAt(0).toUpperCase() + words.slice(1), range);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

type Tell = (match: RegExpExecArray) => readonly [message: string, hint?: string | undefined];

const TYPE_SENTENCES: readonly [RegExp, Tell][] = [
  [
    /^logical operator requires bool operands, got '(.*)'/,
    ([, type = '']) => [
      `Each side of && and || must be true or false, this is ${said(type)}`,
      'Write each comparison out: lead.seniority == "vp" || lead.seniority == "director".',
    ],
  ],
  [
    /^no such overload: ([!-])(\S+)$/,
    ([, op = '', type = '']) => [
      `"${op}" stands before ${op === '!' ? 'true or false' : 'a number'}, this is ${said(type)}`,
      op === '!' ? 'Write !has(company.employees) for "is not known".' : undefined,
    ],
  ],
  [
    /^ternary branches must have the same type, got '(.*)' and '(.*)'/,
    ([, one = '', other = '']) => [
      `Both answers of ? : must be of one kind, these are ${said(one)} and ${said(other)}`,
    ],
  ],
  [
    /^ternary condition must be bool, got '(.*)'/,
    ([, type = '']) => [`What stands before ? must be true or false, this is ${said(type)}`],
  ],
  [
    /^list index must be int, got/,
    () => ['A list has no names inside', 'Write "demo" in lead.topics.'],
  ],
  [
    /^list elements must have the same type, expected type '(.*)' but found '(.*)'/,
    ([, one = '', other = '']) => [
      `A list holds values of one kind, this one has ${said(one)} and ${said(other)}`,
    ],
  ],
];

/** How each function is written; those of a text stand behind it. */
const USAGE: Readonly<Record<string, string>> = {
  has: 'has(lead.country)',
  size: 'size(lead.topics) > 1',
  double: 'double(company.employees)',
  int: 'int(company.annual_revenue)',
  timestamp: 'timestamp("2026-01-31T00:00:00Z")',
  days: 'days(3)',
  hours: 'hours(36)',
  minutes: 'minutes(30)',
  startsWith: 'lead.email_domain.startsWith("mail.")',
  endsWith: 'lead.email_domain.endsWith(".edu")',
  contains: 'company.industry.contains("Software")',
  matches: 'company.industry.matches("(?i)soft")',
  lowerAscii: 'company.industry.lowerAscii() == "software"',
  upperAscii: 'company.industry.upperAscii() == "SOFTWARE"',
  trim: 'company.industry.trim() == "Software"',
};

function wrongCall(
  name: string,
  node: CelError['node'],
  range: CelError['range'],
): ExpressionProblem {
  const shown = name === MATCHES ? 'matches' : name;
  const onList = node?.op === 'rcall' && receiverIsList(node.args);
  const usage = onList ? '"demo" in lead.topics' : USAGE[shown];
  const message = `${shown}() cannot be used like this${onList ? ': a list is no text' : ''}`;
  return new ExpressionProblem(message, range, usage === undefined ? undefined : `Write ${usage}.`);
}

function receiverIsList(args: unknown): boolean {
  const receiver = Array.isArray(args) ? (args[1] as ASTNode | undefined) : undefined;
  return receiver !== undefined && checkedType(receiver).startsWith('list');
}

const NUMBERS = ['int', 'double'];
const TIMES = [TIMESTAMP, DURATION];

function typeHint(left: string, op: string, right: string, node: CelError['node']) {
  if (NUMBERS.includes(left) && NUMBERS.includes(right)) {
    const literal = wholeLiteral(node);
    if (literal !== null) return `Write ${literal}.0 instead of ${literal}.`;
    return 'Turn the whole number into a decimal one: double(company.employees).';
  }
  if (TIMES.includes(left) || TIMES.includes(right)) return timeHint(left, right);
  if (op === 'in') return membershipHint(left, right);
  if (left === 'string' && right.startsWith('list')) {
    return 'Write in: lead.seniority in ["vp", "director"].';
  }
  if (left === 'list<string>' && right === 'string') return 'Write "text" in lead.topics.';
  if (left === 'bool' && NUMBERS.includes(right)) {
    return op === '==' || op === '!='
      ? 'Write true or false.'
      : 'Write both sides out: company.employees >= 20 && company.employees < 200.';
  }
  if (left === 'string' && right === 'bool') return 'Write the value in quotes.';
  if (right === 'string' && left !== 'string') return 'Write it without quotes.';
  if (left === 'string' && NUMBERS.includes(right)) return 'Write the value in quotes.';
  return undefined;
}

function membershipHint(left: string, right: string): string {
  if (left === 'string' && right === 'string') {
    return 'What stands after "in" is a list: lead.country in ["DE", "FR"].';
  }
  if (left.startsWith('list')) {
    return 'Write lead.topics.exists(t, t in ["demo", "pricing"]).';
  }
  return left === 'string' ? 'Write the values in quotes: ["DE", "FR"].' : 'Write [1, 5, 20].';
}

function timeHint(left: string, right: string): string {
  if (left === DURATION || right === DURATION) {
    return 'Compare a time span with days(3): now - signals.last("pricing_viewed") < days(3).';
  }
  return 'Write timestamp("2026-01-31T00:00:00Z").';
}

function wholeLiteral(node: CelError['node']): string | null {
  const sides = Array.isArray(node?.args) ? (node.args as Partial<ASTNode>[]) : [];
  const found = sides.find((side) => side.op === 'value' && typeof side.args === 'bigint');
  return found === undefined ? null : String(found.args);
}
