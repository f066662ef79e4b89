import { createHmac, randomUUID } from 'node:crypto';

const WEBHOOK_KEY = Buffer.alloc(32, 7);
export const WEBHOOK_SECRET = `whsec_${WEBHOOK_KEY.toString('base64')}`;

export interface SendOptions {
  source?: string;
  id?: string;
  at?: Date;
}

export interface SignedWebhook {
  method: 'POST';
  body: string;
  headers: Record<string, string>;
}

/** A request as a Standard Webhooks sender makes it. */
export function signedWebhook(body: object, given: SendOptions, now: Date): SignedWebhook {
  const id = given.id ?? `msg_${randomUUID()}`;
  const timestamp = Math.floor((given.at ?? now).getTime() / 1000);
  const text = JSON.stringify(body);
  const signature = createHmac('sha256', WEBHOOK_KEY)
    .update(`${id}.${timestamp}.${text}`)
    .digest('base64');
  return {
    method: 'POST',
    body: text,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
    },
  };
}
