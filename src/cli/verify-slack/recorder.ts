/** One call to Slack and what it answered, without tokens and addresses. */
export interface RecordedCall {
  method: string;
  status: number;
  /** Scopes of the token, where Slack names them. */
  scopes: string[] | null;
  answer: unknown;
}

export interface Recorder {
  calls: readonly RecordedCall[];
  /** For the client: sends the request and keeps the answer. */
  fetch: typeof fetch;
}

const TOKEN = /\b(?:xox[a-z]|xapp)-[\w-]+/gi;
const ADDRESS = /[^\s@<>"',]+@[^\s@<>"',]+\.[a-z]{2,}/gi;
/** Lists of a whole workspace, and what Slack knows of a person: only that they came is kept. */
const PRIVATE = new Set(['channels', 'members', 'profile', 'user']);
const LONGEST = 200_000;

export function createRecorder(): Recorder {
  const calls: RecordedCall[] = [];
  return {
    calls,
    async fetch(input, init) {
      const response = await fetch(input, init);
      const text = (await response.clone().text()).slice(0, LONGEST);
      calls.push({
        method:
          new URL(input instanceof Request ? input.url : input).pathname.split('/').at(-1) ?? '',
        status: response.status,
        scopes: response.headers.get('x-oauth-scopes')?.split(/\s*,\s*/) ?? null,
        answer: redacted(parsed(text)),
      });
      return response;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 200);
  }
}

/** The same without tokens, addresses and people. */
export function redacted(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(TOKEN, '[token]').replace(ADDRESS, '[address]');
  }
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      PRIVATE.has(key) && typeof inner === 'object' ? hidden(inner) : redacted(inner),
    ]),
  );
}

function hidden(inner: unknown): string {
  return Array.isArray(inner) ? `[${inner.length} left out]` : '[left out]';
}
