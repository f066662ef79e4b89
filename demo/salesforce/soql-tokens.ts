import { fail } from './salesforce-error.ts';

const TOKEN =
  /\s*('(?:[^'\\]|\\.)*'|[A-Za-z_][\w.]*|\d{4}-\d\d-\d\dT[\w:.+-]+|\d{4}-\d\d-\d\d|-?\d+(?:\.\d+)?|!=|<>|<=|>=|[=<>(),*])/gy;

/** The words of a query, read from left to right. Keywords match in any case. */
export interface Tokens {
  next(this: void): string;
  accept(word: string): boolean;
  expect(word: string): void;
  /** One or more, with commas between. */
  list<T>(read: () => T): T[];
  end(): void;
}

/** Throws a SalesforceFailure with MALFORMED_QUERY. */
export function readTokens(text: string): Tokens {
  const tokens = tokenise(text.trim());
  let at = 0;
  const peek = (): string => tokens[at] ?? '';
  const accept = (word: string): boolean => {
    if (peek().toUpperCase() !== word) return false;
    at += 1;
    return true;
  };
  return {
    accept,
    next() {
      const token = tokens[at] ?? fail('MALFORMED_QUERY', 'unexpected end of query');
      at += 1;
      return token;
    },
    expect(word) {
      if (!accept(word))
        fail('MALFORMED_QUERY', `unexpected token: '${peek()}', expecting ${word}`);
    },
    list(read) {
      const items = [read()];
      while (accept(',')) items.push(read());
      return items;
    },
    end() {
      if (at < tokens.length) fail('MALFORMED_QUERY', `unexpected token: '${peek()}'`);
    },
  };
}

function tokenise(source: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const position = TOKEN.lastIndex;
    const token = TOKEN.exec(source)?.[1];
    if (token === undefined) {
      const rest = source.slice(position, position + 20);
      fail('MALFORMED_QUERY', `unexpected character at ${position}: ${rest}`);
    }
    tokens.push(token);
  }
  return tokens;
}
