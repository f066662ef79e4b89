import type { Clock } from '../../src/platform/clock.ts';
import { type JsonRecord, parseJson } from '../doubles/json.ts';
import { signSlackBody } from './signing.ts';

/** How the app answered one request from Slack. */
export interface AppAnswer {
  /** HTTP status; 0 when there was no answer. */
  status: number;
  /** Parsed JSON, plain text, or undefined for an empty body. */
  body: unknown;
  elapsedMs: number;
  /** Longer than Slack waits (3 s): the person sees an error whatever the app does later. */
  timedOut: boolean;
}

export interface AppSender {
  sendForm(form: Record<string, string>): Promise<AppAnswer>;
  sendPayload(payload: JsonRecord): Promise<AppAnswer>;
  sendJson(body: JsonRecord, headers?: Record<string, string>): Promise<AppAnswer>;
}

/** Slack's own HTTP client towards the app: signs, waits at most `deadlineMs`, never retries. */
export function createAppSender(
  appUrl: string,
  signingSecret: string,
  clock: Clock,
  deadlineMs = 3_000,
): AppSender {
  async function send(
    contentType: string,
    body: string,
    headers: Record<string, string> = {},
  ): Promise<AppAnswer> {
    const startedAt = performance.now();
    const elapsedMs = (): number => performance.now() - startedAt;
    try {
      const response = await fetch(`${appUrl}/slack/events`, {
        method: 'POST',
        headers: {
          'content-type': contentType,
          'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          ...headers,
          ...signSlackBody(signingSecret, body, clock.now()),
        },
        body,
        signal: AbortSignal.timeout(deadlineMs),
      });
      const text = await response.text();
      const parsed = text === '' ? undefined : (parseJson(text) ?? text);
      return { status: response.status, body: parsed, elapsedMs: elapsedMs(), timedOut: false };
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      return { status: 0, body: undefined, elapsedMs: elapsedMs(), timedOut };
    }
  }
  const form = 'application/x-www-form-urlencoded';
  return {
    sendForm: (fields) => send(form, new URLSearchParams(fields).toString()),
    sendPayload: (payload) =>
      send(form, new URLSearchParams({ payload: JSON.stringify(payload) }).toString()),
    sendJson: (body, headers) => send('application/json', JSON.stringify(body), headers),
  };
}
