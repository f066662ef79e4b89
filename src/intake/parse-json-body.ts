import { type IntakeProblem, problem } from './intake-problem.ts';

/** Deeper than any lead: parsing goes on without the stack, but much that comes later does not. */
const MOST_NESTING = 32;

export type JsonBody = { ok: true; value: unknown } | IntakeProblem;

export function parseJsonBody(body: Uint8Array): JsonBody {
  const text = decodeUtf8(body);
  if (text === null) return problem(400, 'body_unreadable', 'The body is not UTF-8 text.');
  if (text.trim() === '') return problem(400, 'body_unreadable', 'The body is empty: send JSON.');
  if (isNestedTooDeeply(text)) {
    return problem(
      400,
      'body_unreadable',
      `The JSON is nested more than ${MOST_NESTING} levels deep.`,
    );
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return problem(400, 'body_unreadable', `The body is not valid JSON${positionOf(error)}.`);
  }
}

/** Null when the bytes are no UTF-8. A byte order mark is dropped. */
export function decodeUtf8(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null;
  }
}

function isNestedTooDeeply(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (isInString) {
      if (character === '\\') index++;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    if (depth > MOST_NESTING) return true;
  }
  return false;
}

// The message of a syntax error quotes the text, which is personal: only the position is taken from it.
function positionOf(error: unknown): string {
  const match = /position (\d+)/.exec(error instanceof Error ? error.message : '');
  return match === null ? '' : ` (at character ${match[1]})`;
}
