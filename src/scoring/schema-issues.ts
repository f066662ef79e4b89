import type { z } from 'zod';
import { closestName } from './closest-name.ts';
import { issueSentence, type Sentence } from './issue-sentence.ts';
import { didYouMean } from './rule-problem.ts';

type Issue = z.core.$ZodIssue;
export type Path = readonly (string | number)[];

/** One issue for each thing to mend: unknown keys one by one, a misspelt key not also as a missing one. */
export function tellableIssues(issues: readonly Issue[]): Issue[] {
  return withoutMisspelt(flattened(issues));
}

function flattened(issues: readonly Issue[]): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    if (issue.code !== 'unrecognized_keys') return [issue];
    return issue.keys.map((key) => ({ ...issue, keys: [key], path: [...issue.path, key] }));
  });
}

/** A key that is missing because it is misspelt is told once: as the misspelt one. */
function withoutMisspelt(issues: readonly Issue[]): Issue[] {
  const placeOf = (issue: Issue) => JSON.stringify(issue.path.slice(0, -1));
  const unknown = issues.filter((issue) => issue.code === 'unrecognized_keys');
  return issues.filter((issue) => {
    if (!isMissing(issue)) return true;
    const name = String(issue.path.at(-1));
    return !unknown.some(
      (other) =>
        placeOf(other) === placeOf(issue) &&
        closestName(String(other.path.at(-1)), [name]) !== undefined,
    );
  });
}

function isMissing(issue: Issue): boolean {
  const asked = issue.code === 'invalid_type' || issue.code === 'invalid_value';
  return asked && issue.input === undefined;
}

/** One sentence about what a value should be, with the closest known key. */
export function describeIssue(issue: Issue, schema: z.ZodType): { path: Path } & Sentence {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (path.length === 0 && issue.code === 'invalid_type') {
    const hint = `Known here: ${knownKeys(schema, []).join(', ')}.`;
    return { path, message: 'The file is empty or not a map of keys', hint };
  }
  const name = nameOf(path);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path.slice(0, -1));
    const hint = didYouMean(String(path.at(-1)), known) ?? `Known here: ${known.join(', ')}.`;
    return { path, message: `Unknown key ${name}`, hint };
  }
  if (isMissing(issue)) return { path, message: `${name} is missing` };
  const sentence = issueSentence(name, issue, unwrap(schemaAt(schema, path)));
  const known = issue.code === 'invalid_type' ? knownKeys(schema, path) : [];
  if (sentence.hint !== undefined || known.length === 0) return { path, ...sentence };
  return { path, ...sentence, hint: `Known here: ${known.join(', ')}.` };
}

/** The key in quotes; an entry of a list by its number, as people count. */
function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'The file';
  return typeof last === 'number' ? `Entry ${last + 1} of "${path.at(-2)}"` : `"${last}"`;
}

function schemaAt(schema: z.ZodType, path: Path): unknown {
  let at: unknown = schema;
  for (const part of path) at = step(unwrap(at), part);
  return at;
}

function knownKeys(schema: z.ZodType, path: Path): string[] {
  const shape = definition(unwrap(schemaAt(schema, path))).shape;
  return shape === undefined ? [] : Object.keys(shape);
}

interface SchemaDefinition {
  innerType?: unknown;
  element?: unknown;
  valueType?: unknown;
  shape?: Record<string, unknown>;
}

function definition(schema: unknown): SchemaDefinition {
  return (schema as { def?: SchemaDefinition } | undefined)?.def ?? {};
}

function unwrap(schema: unknown): unknown {
  const inner = definition(schema).innerType;
  return inner === undefined ? schema : unwrap(inner);
}

function step(schema: unknown, part: string | number): unknown {
  const { shape, element, valueType } = definition(schema);
  if (typeof part === 'number') return element;
  return shape?.[part] ?? valueType;
}
