import { setTimeout as delay } from 'node:timers/promises';
import { signedWebhook } from '../signed-webhook.ts';
import type { LoadLead } from './lead-load.ts';

export interface WebhookSender {
  /** Sends until it is acknowledged, always with the same id, as a real sender does. */
  send(lead: LoadLead): Promise<void>;
  /** What the app has acknowledged: from then on it is the app's to deliver. */
  acknowledged: readonly LoadLead[];
  /** Answers that were no acknowledgement, by status; 0: no answer at all. */
  refusals: ReadonlyMap<number, number>;
  /** Resolves when everything that was sent is acknowledged. */
  allAcknowledged(): Promise<void>;
}

const AGAIN_AFTER_MS = 150;

export function createWebhookSender(baseUrl: string): WebhookSender {
  const acknowledged: LoadLead[] = [];
  const refusals = new Map<number, number>();
  const sending = new Set<Promise<void>>();

  async function deliver(lead: LoadLead): Promise<void> {
    for (;;) {
      const status = await attempt(lead);
      if (status === 200) break;
      refusals.set(status, (refusals.get(status) ?? 0) + 1);
      await delay(AGAIN_AFTER_MS);
    }
    acknowledged.push(lead);
  }

  async function attempt(lead: LoadLead): Promise<number> {
    try {
      const request = signedWebhook(lead.body, { id: lead.webhookId }, new Date());
      const signal = AbortSignal.timeout(20_000);
      const answer = await fetch(`${baseUrl}/webhooks/leads/website`, { ...request, signal });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 0;
    }
  }

  return {
    acknowledged,
    refusals,
    send(lead) {
      const work = deliver(lead).finally(() => sending.delete(work));
      sending.add(work);
      return work;
    },
    async allAcknowledged() {
      await Promise.all(sending);
    },
  };
}
