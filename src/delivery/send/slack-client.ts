import { LogLevel, WebClient } from '@slack/web-api';

export interface SlackClientOptions {
  token: string;
  /** With a trailing slash; Slack's own when absent. */
  apiUrl?: string;
  timeoutMs?: number;
  /** Sends a request; the runtime's own by default. */
  fetch?: typeof fetch;
}

/** When Slack says 429 without saying for how long. */
const DEFAULT_RETRY_AFTER_SECONDS = '30';

/**
 * A Web API client that never retries: after a lost answer its own retries would post a message twice,
 * and its own waiting stops every method for the 429 of one.
 */
export function createSlackClient(options: SlackClientOptions): WebClient {
  return new WebClient(options.token, {
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: options.timeoutMs ?? 10_000,
    logLevel: LogLevel.ERROR,
    fetch: (input, init) => fetchWithRetryAfter(options.fetch ?? fetch, input, init),
    ...(options.apiUrl === undefined ? {} : { slackApiUrl: options.apiUrl }),
  });
}

/** The client makes a plain Error of a 429 without Retry-After, which could not be told from a lost answer. */
async function fetchWithRetryAfter(
  send: typeof fetch,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const response = await send(input, init);
  if (response.status !== 429) return response;
  if (/^\d+/.test(response.headers.get('retry-after') ?? '')) return response;
  const headers = new Headers(response.headers);
  headers.set('retry-after', DEFAULT_RETRY_AFTER_SECONDS);
  return new Response(response.body, { status: 429, headers });
}
