import { z } from 'zod';
import { didYouMean } from './rule-problem.ts';
import { capitalised } from './value-words.ts';

type Issue = z.core.$ZodIssue;

export interface Sentence {
  message: string;
  hint?: string | undefined;
}

/**
 * What a value must be, what it is, and how to write it.
 * @param name the value as people call it: "points", Entry 2 of "days"
 * @param wanted the part of the schema that refused it
 */
export function issueSentence(name: string, issue: Issue, wanted: unknown): Sentence {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(name, issue.expected, issue.input, wanted);
    case 'too_big':
    case 'too_small':
      return wrongSize(name, issue, wanted);
    case 'invalid_value':
      return wrongChoice(name, issue.values.map(String), issue.input);
    case 'invalid_format':
      return wrongFormat(name, issue);
    case 'invalid_key':
      return { message: `${name} cannot be a name here: ${issue.issues[0]?.message}` };
    case 'invalid_union':
      return wrongUnion(name, issue);
    default:
      return { message: `${name}: ${issue.message}` };
  }
}

function wrongType(name: string, expected: string, input: unknown, wanted: unknown): Sentence {
  const hint = typeHint(expected, input, wanted);
  if (input === null) return { message: `${name} is empty: it must be ${words(expected, wanted)}` };
  return { message: `${name} must be ${words(expected, wanted)}, this is ${given(input)}`, hint };
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
  null: 'empty',
};

function words(expected: string, wanted: unknown): string {
  const said = TYPE_WORDS[expected] ?? expected;
  if (!(wanted instanceof z.ZodNumber)) return said;
  const number = wanted.isInt ? 'a whole number' : 'a number';
  const { minValue: from, maxValue: to } = wanted;
  const bounded = (bound: number | null) => bound !== null && Math.abs(bound) < 2 ** 53 - 1;
  if (bounded(from) && bounded(to)) return `${number} from ${from} to ${to}`;
  return bounded(from) ? `${number} of at least ${from}` : number;
}

const MOST_SHOWN = 60;

function given(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a map of keys';
  if (typeof input !== 'string') return String(input);
  return input === '' ? 'an empty text' : `the text ${quoted(input)}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text);
}

const SPOKEN: Readonly<Record<string, boolean>> = {
  ...{ true: true, yes: true, on: true },
  ...{ false: false, no: false, off: false },
};

function typeHint(expected: string, input: unknown, wanted: unknown): string | undefined {
  if (expected === 'array') return 'Each entry of a list begins with "- ".';
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean')) {
    return quoteHint(String(input), wanted);
  }
  if (typeof input !== 'string') return undefined;
  const text = input.trim().toLowerCase();
  if (expected === 'number' && /^-?\d+(\.\d+)?$/.test(text)) {
    return `Write it without quotes: ${text}.`;
  }
  if (expected !== 'boolean' || !Object.hasOwn(SPOKEN, text)) return undefined;
  return `Write ${SPOKEN[text]}, without quotes.`;
}

/** Quotes, when they are all that is missing; else what the text must look like. */
function quoteHint(text: string, wanted: unknown): string | undefined {
  const tried = wanted instanceof z.ZodType ? wanted.safeParse(text) : undefined;
  if (tried === undefined || tried.success) return `Write it in quotes: "${text}".`;
  const [issue] = tried.error.issues;
  if (issue?.code !== 'invalid_format') return undefined;
  const format = FORMATS[issue.format];
  return format === undefined ? capitalised(`${issue.message}.`) : `Write ${format}.`;
}

type SizeIssue = Extract<Issue, { code: 'too_big' | 'too_small' }>;

function wrongSize(name: string, issue: SizeIssue, wanted: unknown): Sentence {
  if (issue.origin === 'number' || issue.origin === 'int') {
    return { message: `${name} must be ${words('number', wanted)}, this is ${issue.input}` };
  }
  if (issue.code === 'too_small') return { message: `${name} is empty` };
  const length = (issue.input as { length?: number } | undefined)?.length;
  const unit = issue.origin === 'string' ? 'characters' : 'entries';
  return {
    message: `${name} has ${length} ${unit}: at most ${issue.maximum} are possible`,
  };
}

function wrongChoice(name: string, choices: readonly string[], input: unknown): Sentence {
  const hint = typeof input === 'string' ? didYouMean(input, choices) : undefined;
  return { message: `${name} must be one of: ${choices.join(', ')}`, hint };
}

const FORMATS: Readonly<Record<string, string>> = {
  date: 'a day such as 2026-12-31',
  datetime: 'a time such as 2026-06-03T10:00:00Z',
  email: 'an e-mail address',
};

function wrongFormat(name: string, issue: Extract<Issue, { code: 'invalid_format' }>): Sentence {
  const format = FORMATS[issue.format];
  if (format !== undefined) {
    return { message: `${name} must be ${format}, this is ${given(issue.input)}` };
  }
  return { message: `${name} cannot be ${quoted(String(issue.input))}: ${issue.message}` };
}

function wrongUnion(name: string, issue: Extract<Issue, { code: 'invalid_union' }>): Sentence {
  const kinds = issue.errors.flatMap(([first]) => {
    if (first?.code === 'invalid_type') return [TYPE_WORDS[first.expected] ?? first.expected];
    return first?.code === 'invalid_value' ? first.values.map(String) : [];
  });
  const last = kinds.pop();
  const choice = kinds.length === 0 ? last : `${kinds.join(', ')} or ${last}`;
  return { message: `${name} must be ${choice}, this is ${given(issue.input)}` };
}
