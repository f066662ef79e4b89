import { type Document, isCollection, isScalar, type Node, visit, type YAMLError } from 'yaml';

/** What the YAML parser refuses, in words for people who do not know its terms. */
export interface YamlProblem {
  offset: number;
  message: string;
  hint?: string;
}

/** The duplicate keys and the first other error: after that one the parser only guesses. */
export function yamlProblems(document: Document.Parsed, text: string): YamlProblem[] {
  let told = false;
  return document.errors.flatMap((error) => {
    if (error.code === 'DUPLICATE_KEY') return [yamlProblem(error, document, text)];
    if (told) return [];
    told = true;
    return [yamlProblem(error, document, text)];
  });
}

function yamlProblem(error: YAMLError, document: Document.Parsed, text: string): YamlProblem {
  const [offset] = error.pos;
  const known = KNOWN[error.code];
  if (error.code === 'TAB_AS_INDENT' || error.code === 'DUPLICATE_KEY') {
    return { offset, message: known?.message ?? error.message };
  }
  const open = openBefore(document, text, offset, /^Missing closing/.test(error.message));
  if (open !== null) return open;
  if (/^(Unexpected scalar at node end|Tags and anchors must be)/.test(error.message)) {
    return halfQuoted(text, offset);
  }
  const deeper = error.code === 'BLOCK_AS_IMPLICIT_KEY' ? nextLineWithoutColon(text, offset) : null;
  if (deeper !== null) return { offset: deeper, ...INDENT };
  for (const [pattern, told] of BY_MESSAGE) {
    if (pattern.test(error.message)) return { offset, ...told };
  }
  if (known !== undefined) return { offset, ...known };
  const first = error.message.split('\n')[0] ?? error.message;
  return { offset, message: `Not valid YAML: ${first}` };
}

/** The line below, when this one has no colon of its own: then that one is indented too far. */
function nextLineWithoutColon(text: string, offset: number): number | null {
  const end = text.indexOf('\n', offset);
  if (end === -1 || /:\s/.test(text.slice(offset, end))) return null;
  return end + 1 + (/^ */.exec(text.slice(end + 1))?.[0].length ?? 0);
}

const INDENT = {
  message: 'This line is indented differently from its neighbours',
  hint: 'Keys that belong together begin in the same column; entries of a list begin with "- ".',
};

const BY_MESSAGE: readonly [RegExp, { message: string; hint?: string }][] = [
  [/^Sequence item without/, INDENT],
  [/^Unexpected flow-\w+-end/, { message: 'There is a closing bracket too many' }],
  [
    /^Not a YAML token/,
    {
      message: 'After | or > a text begins on the next line',
      hint: 'Begin it there, or put the value in quotes.',
    },
  ],
];

const QUOTE_ALL = 'Put the whole of it in single quotes.';

const KNOWN: Readonly<Partial<Record<YAMLError['code'], { message: string; hint?: string }>>> = {
  TAB_AS_INDENT: { message: 'A tab is used to indent: use spaces' },
  DUPLICATE_KEY: { message: 'This key stands twice in the same place' },
  MULTIPLE_DOCS: { message: 'The file goes on after "---": keep everything in one part' },
  MULTILINE_IMPLICIT_KEY: {
    message: 'This line has no "key: value"',
    hint: 'A colon and a space belong after the key: "points: 5".',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'A colon with a space stands inside a value',
    hint: 'Put the value in quotes: why: "Size: large".',
  },
  BAD_INDENT: INDENT,
  BLOCK_IN_FLOW: {
    message: 'Between { and } a comma is missing, or a value with a colon is not in quotes',
  },
  NON_STRING_KEY: { message: 'A key must be plain text' },
  UNEXPECTED_TOKEN: { message: 'This does not fit here', hint: INDENT.hint },
  BAD_SCALAR_START: {
    message: 'A value cannot begin with this character unless it stands in quotes',
    hint: QUOTE_ALL,
  },
  BAD_DIRECTIVE: {
    message: 'A line cannot begin with % unless it stands in quotes',
    hint: QUOTE_ALL,
  },
  BAD_DQ_ESCAPE: {
    message: 'A backslash in double quotes begins a special character',
    hint: 'Use single quotes around the value, or write \\\\ for one backslash.',
  },
  RESOURCE_EXHAUSTION: { message: 'The file is nested too deeply to read' },
};

/** `when: "demo" in lead.topics`: YAML takes the quotes, brackets and signs at the front for its own. */
function halfQuoted(text: string, offset: number): YamlProblem {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', offset);
  const line = text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd);
  const [, key = '', value = ''] = /^(\s*(?:- )?[\w.-]+:\s+)(.*)$/.exec(line) ?? [];
  const message = `A value that begins with ${value.charAt(0) || 'a sign'} must stand in quotes as a whole`;
  if (value === '') return { offset, message, hint: QUOTE_ALL };
  const written = `${key.trim().replace(/^- /, '')} '${value.trim().replaceAll("'", "''")}'`;
  return { offset: lineStart + key.length, message, hint: `Write ${written}` };
}

/** A quote or bracket that is open, or that closes only lines later, is where the mistake is. */
function openBefore(
  document: Document.Parsed,
  text: string,
  offset: number,
  missing: boolean,
): YamlProblem | null {
  let found: YamlProblem | null = null;
  visit(document, (_key, node) => {
    const at = node as Node | null;
    const [start, end] = at?.range ?? [0, 0];
    if (at === null || start >= offset) return;
    const shown = text.charAt(start);
    if (isScalar(at) && (shown === '"' || shown === "'")) {
      const near = text.slice(end, offset).trim() === '' || end >= offset;
      if (!near || !(missing || text.slice(start, Math.min(end, offset)).includes('\n'))) return;
      const message = `The quote that opens here is not closed on its line`;
      found = { offset: start, message, hint: `Close the text with ${shown}.` };
    } else if (isCollection(at) && at.flow === true && end >= offset) {
      const closing = shown === '[' ? ']' : '}';
      if (text.charAt(end - 1) === closing) return;
      found = {
        offset: start,
        message: `The ${shown} that opens here is not closed with ${closing}`,
      };
    }
  });
  return found;
}
