import { type CelError, celError } from './cel-error.ts';
import { ExpressionProblem } from './expression-problem.ts';

/** Words of other languages, and what a condition says instead. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  and: 'Write && for and.',
  or: 'Write || for or.',
  not: 'Write ! for not: !lead.has_phone, !(lead.country in ["DE"]).',
  is: 'Write == to compare, has(lead.country) to ask whether it is known.',
  between: 'Write both ends out: company.employees >= 20 && company.employees < 200.',
  like: 'Write lead.country.contains("D") or startsWith("D").',
  if: 'Write the condition alone, without "if".',
};

/** Signs that end up in conditions by mistake, by what the text from there on looks like. */
const SIGNS: readonly [RegExp, string][] = [
  [/^=>/, 'Write >= for at least.'],
  [/^=</, 'Write <= for at most.'],
  [/^=/, 'Write == to compare.'],
  [/^&/, 'Write && for and.'],
  [/^\|/, 'Write || for or.'],
  [/^[\u201c\u201d\u201e]/, 'Write straight quotes: ".'],
  [/^[\u2018\u2019]/, "Write straight quotes: '."],
  [/^\)/, 'There is a ) too many.'],
  [/^\]/, 'There is a ] too many.'],
];

/** What stands where the library stopped reading. */
export function parseProblem(error: unknown, source: string): ExpressionProblem {
  const { code, summary, range } = celError(error, source);
  if (code === 'limit_exceeded') {
    return new ExpressionProblem('The expression is too long or too deeply nested', range);
  }
  if (/\bEOF\b/.test(summary)) return endsEarly(source, range);
  if (/^Unterminated string/.test(summary)) {
    return new ExpressionProblem('The quote that opens here is not closed', range);
  }
  const word = wordAt(source, range.start);
  if (word !== null) {
    const { text, start } = word;
    const place = { start, end: start + text.length };
    return new ExpressionProblem(`"${text}" is not a word of conditions`, place, word.hint);
  }
  if (/^Invalid .*escape/.test(summary)) {
    return new ExpressionProblem('A backslash begins a special character', range, 'Write \\\\.');
  }
  const [shown = ''] = /\w+|\S/.exec(source.slice(range.start)) ?? [];
  return new ExpressionProblem(
    `"${shown}" does not fit here`,
    range,
    signHint(source, range.start),
  );
}

function endsEarly(source: string, range: CelError['range']): ExpressionProblem {
  const open = unclosed(source);
  const hint = open === undefined ? undefined : `A ${open} is not closed.`;
  return new ExpressionProblem('The expression ends too early', range, hint);
}

function unclosed(source: string): string | undefined {
  const open: string[] = [];
  for (const sign of source.replace(/"[^"]*"|'[^']*'/g, '')) {
    if (sign === '(' || sign === '[') open.push(sign);
    else if (sign === ')' || sign === ']') open.pop();
  }
  return open.at(-1);
}

/** The word of another language at the place, or just before it: "not lead.has_phone". */
function wordAt(source: string, at: number): { text: string; start: number; hint: string } | null {
  const before = /([A-Za-z]+)\s*$/.exec(source.slice(0, at));
  const here = /^[A-Za-z]+/.exec(source.slice(at));
  const candidates = [
    { text: here?.[0] ?? '', start: at },
    { text: before?.[1] ?? '', start: before?.index ?? 0 },
  ];
  for (const { text, start } of candidates) {
    const known = text.toLowerCase();
    const hint = Object.hasOwn(OTHER_WORDS, known) ? OTHER_WORDS[known] : undefined;
    if (hint !== undefined) return { text, start, hint };
  }
  return null;
}

function signHint(source: string, at: number): string | undefined {
  const rest = source.slice(at);
  const before = source.slice(0, at).trimEnd();
  if (/\d$/.test(source.slice(0, at)) && /^[,_'a-zA-Z]/.test(rest)) {
    return 'Write numbers with digits alone: 1000.';
  }
  if (rest.startsWith('>') && before.endsWith('<')) return 'Write != for not equal.';
  if (rest.startsWith(',') && /\(\s*["'][^()]*$/.test(before)) {
    return 'A list stands in square brackets: ["DE", "FR"].';
  }
  if (/^[<>]/.test(rest) && /(&&|\|\|)$/.test(before)) {
    return 'Write both sides out: company.employees >= 20 && company.employees < 200.';
  }
  if (rest.startsWith('/') && before.endsWith('(')) return 'Write the pattern in quotes.';
  return SIGNS.find(([pattern]) => pattern.test(rest))?.[1];
}
