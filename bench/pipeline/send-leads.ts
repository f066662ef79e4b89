import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadLead } from '../../test/support/reliability/lead-load.ts';
import { type SignedWebhook, signedWebhook } from '../../test/support/signed-webhook.ts';

/** When each webhook was sent, in milliseconds since 1970 with fractions, by its id. */
export type SentTimes = Map<string, number>;

export async function sendLead(url: string, lead: LoadLead, sent: SentTimes): Promise<void> {
  const webhook = signedWebhook(lead.body, { id: lead.webhookId }, new Date());
  sent.set(lead.webhookId, performance.timeOrigin + performance.now());
  const status = await post(`${url}/webhooks/leads/website`, webhook);
  if (status !== 200) throw new Error(`webhook answered ${status}`);
}

/** A sender is another machine in real life: the plainest client takes the least from what is measured. */
const agent = new Agent({ keepAlive: true });

function post(url: string, { headers, body }: SignedWebhook): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    sending.once('error', reject);
    sending.end(body);
  });
}

/** One after the other at a steady pace, however long each takes. */
export async function sendSteadily(
  url: string,
  leads: readonly LoadLead[],
  perSecond: number,
): Promise<SentTimes> {
  const sent: SentTimes = new Map();
  const startedAt = performance.now();
  const sending: Promise<void>[] = [];
  for (const [index, lead] of leads.entries()) {
    const dueAt = startedAt + (index * 1_000) / perSecond;
    await delay(Math.max(0, dueAt - performance.now()));
    sending.push(sendLead(url, lead, sent));
  }
  await Promise.all(sending);
  return sent;
}

/** As fast as it goes over so many connections, one lead a webhook. */
export async function sendBurst(
  url: string,
  leads: readonly LoadLead[],
  connections: number,
): Promise<void> {
  const sent: SentTimes = new Map();
  const rest = leads.values();
  async function work(): Promise<void> {
    for (const lead of rest) await sendLead(url, lead, sent);
  }
  await Promise.all(Array.from({ length: connections }, work));
}
