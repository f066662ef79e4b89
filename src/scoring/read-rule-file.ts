import { isAlias, isMap, isScalar, type Node, parseDocument, Scalar, visit } from 'yaml';
import type { z } from 'zod';
import type { Locate, ProblemList } from './rule-problem.ts';
import { describeIssue, type Path, tellableIssues } from './schema-issues.ts';
import { type YamlProblem, yamlProblems } from './yaml-problem.ts';

const MAX_FILE_CHARACTERS = 2_000_000;
const MAX_NESTING = 20;
const START = { line: 1, column: 1 };

export interface RuleFile<T> {
  value: T;
  /** Line and column of the value at a path, or of a place inside it when it is text. */
  locate(path: Path): Locate;
  /** Line and column of the key that a path ends in. */
  locateKey(path: Path): { line: number; column: number };
}

/** Reads one YAML file against its schema. Null when it has errors, which are in `problems`. */
export function readRuleFile<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
  problems: ProblemList,
): RuleFile<T> | null {
  const parsed = parseYaml(file, text, problems);
  if (parsed === null) return null;
  const locate = (path: Path) => locator(parsed, text, path);
  const result = schema.safeParse(parsed.document.toJS({ maxAliasCount: 0 }), {
    reportInput: true,
  });
  const locateKey = (path: Path) => keyPlace(parsed, path);
  if (result.success) return { value: result.data, locate, locateKey };
  for (const issue of tellableIssues(result.error.issues)) {
    const { path, message, hint } = describeIssue(issue, schema);
    const ofKey = issue.code === 'unrecognized_keys' || issue.code === 'invalid_key';
    const at = ofKey ? locateKey(path) : locate(path)();
    problems.add('error', file, at, message, hint);
  }
  return null;
}

interface ParsedYaml {
  document: ReturnType<typeof parseDocument>;
  /** Offsets at which lines begin, ascending. */
  lineStarts: readonly number[];
}

function parseYaml(file: string, text: string, problems: ProblemList): ParsedYaml | null {
  if (text.length > MAX_FILE_CHARACTERS) {
    problems.add('error', file, START, `The file is longer than ${MAX_FILE_CHARACTERS} characters`);
    return null;
  }
  const deep = tooDeep(text);
  if (deep !== null) {
    problems.add('error', file, deep, `Brackets are nested more than ${MAX_NESTING} deep`);
    return null;
  }
  const lineStarts = lineStartsOf(text);
  const document = parsedDocument(text);
  if (document === null) {
    problems.add('error', file, START, 'The file is nested too deeply to read');
    return null;
  }
  const at = (offset: number) => placeAt(lineStarts, Math.min(offset, text.length));
  for (const { offset, message, hint } of yamlProblems(document, text)) {
    problems.add('error', file, at(offset), message, hint);
  }
  if (document.errors.length > 0) return null;
  const refused = refusedNode(document, text);
  if (refused !== null) {
    problems.add('error', file, at(refused.offset), refused.message, refused.hint);
    return null;
  }
  return { document, lineStarts };
}

/** Null when indentation nests deeper than the parser's own stack. */
function parsedDocument(text: string) {
  try {
    return parseDocument(text, {
      prettyErrors: false,
      uniqueKeys: true,
      merge: false,
      stringKeys: true,
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The YAML parser recurses, so flow nesting and indentation are bounded before it runs. */
function tooDeep(text: string): { line: number; column: number } | null {
  let depth = 0;
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === 10) {
      line++;
      lineStart = i + 1;
      depth = 0;
    } else if (character === 91 || character === 123) {
      if (++depth > MAX_NESTING) return { line, column: i - lineStart + 1 };
    } else if (character === 93 || character === 125) depth--;
    else if (i - lineStart > 2 * MAX_NESTING && character === 45 && isDashRun(text, lineStart, i)) {
      return { line, column: i - lineStart + 1 };
    }
  }
  return null;
}

/** "- - - - ..." nests one list per dash. */
function isDashRun(text: string, start: number, end: number): boolean {
  let dashes = 0;
  for (let i = start; i < end; i++) {
    const character = text.charCodeAt(i);
    if (character === 45) dashes++;
    else if (character !== 32) return false;
  }
  return dashes >= MAX_NESTING;
}

function refusedNode(document: ReturnType<typeof parseDocument>, text: string): YamlProblem | null {
  let refused: YamlProblem | null = null;
  visit(document, (_key, node) => {
    const candidate = (node ?? {}) as Partial<Node> & { anchor?: string; tag?: string };
    const offset = candidate.range?.[0] ?? 0;
    if (isAlias(node)) {
      refused = { offset, message: 'Aliases (*name) are not allowed: write the value out' };
    } else if (candidate.anchor !== undefined) {
      const place = text.lastIndexOf(`&${candidate.anchor}`, offset);
      refused = { offset: place, message: 'Anchors (&name) are not allowed: write the value out' };
    } else if (candidate.tag !== undefined && /^!/.test(candidate.tag)) {
      const place = text.lastIndexOf('!', offset - 1);
      const hint = 'Put a condition that begins with ! in single quotes.';
      refused = { offset: place, message: 'Tags (!name) are not allowed', hint };
    } else if (isMap(node)) {
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : '';
        if (key === '__proto__' || key === '<<') {
          const place = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
          refused = { offset: place, message: `The key "${key}" is not allowed` };
        }
      }
    }
    return refused === null ? undefined : visit.BREAK;
  });
  return refused;
}

function locator(parsed: ParsedYaml, text: string, path: Path): Locate {
  const node = nodeAt(parsed, path);
  return (offset) => {
    const place =
      node instanceof Scalar
        ? sourceOffset(text, node, offset ?? 0)
        : (keyOffset(parsed, path) ?? node?.range?.[0] ?? 0);
    return placeAt(parsed.lineStarts, place);
  };
}

function keyPlace(parsed: ParsedYaml, path: Path): { line: number; column: number } {
  return placeAt(parsed.lineStarts, keyOffset(parsed, path) ?? 0);
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function placeAt(lineStarts: readonly number[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

/** Where the key stands: a list or a map begins on the line after it. */
function keyOffset(parsed: ParsedYaml, path: Path): number | null {
  const parent =
    path.length > 1 ? parsed.document.getIn(path.slice(0, -1), true) : parsed.document.contents;
  if (!isMap(parent)) return null;
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1));
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? null) : null;
}

/** The node at the path, or its nearest parent that exists. */
function nodeAt(parsed: ParsedYaml, path: Path): Node | null {
  for (let length = path.length; length >= 0; length--) {
    const part = path.slice(0, length);
    const found = length === 0 ? parsed.document.contents : parsed.document.getIn(part, true);
    if (found !== undefined && found !== null && typeof found === 'object') return found as Node;
  }
  return null;
}

/**
 * Where a character of a text value stands in the file. YAML folds lines, indents blocks and escapes
 * quotes; the characters that remain keep their order, so both are walked side by side.
 */
function sourceOffset(text: string, node: Scalar, offset: number): number {
  const start = node.range?.[0] ?? 0;
  const value = typeof node.value === 'string' ? node.value : '';
  let source = start;
  if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') {
    source = text.indexOf('\n', start) + 1;
  } else if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') source = start + 1;
  const end = node.range?.[1] ?? text.length;
  for (let i = 0; i < value.length && i < offset; i++) {
    const character = value[i];
    if (character === undefined || /\s/.test(character)) continue;
    const found = text.indexOf(character, source);
    if (found === -1 || found >= end) break;
    source = found + 1;
  }
  while (source < end && /\s/.test(text[source] ?? '') && !/\s/.test(value[offset] ?? ' '))
    source++;
  return Math.min(source, end);
}
