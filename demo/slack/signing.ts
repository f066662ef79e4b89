import { createHmac } from 'node:crypto';

export interface SlackSignature {
  'x-slack-request-timestamp': string;
  'x-slack-signature': string;
}

/** Slack's v0 signature of a raw body. */
export function signSlackBody(signingSecret: string, body: string, at: Date): SlackSignature {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const digest = createHmac('sha256', signingSecret)
    .update(`v0:${timestamp}:${body}`)
    .digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
}
