import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { Clock } from '../../src/platform/clock.ts';
import type { JsonRecord } from '../doubles/json.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { SALESFORCE_LEADS } from './salesforce-leads.ts';
import type { SampleEvent } from './sample-event.ts';
import { SAMPLE_SIGNALS } from './signals.ts';
import { WEBSITE_LEADS } from './website-leads.ts';

export interface PlaySamplesOptions {
  /** The app, without a slash at the end. */
  appUrl: string;
  /** Its outbound messages are pointed at the app's `/webhooks/leads/salesforce`. */
  salesforce: Salesforce;
  /** `whsec_...`, declared for the sources "website" and "product". */
  webhookSecret: string;
  clock: Clock;
  /** 1 plays over about two and a half minutes, 0 sends everything at once. */
  pace: number;
  /** One line for each thing sent, plain text without control characters. */
  log?: (line: string) => void;
  signal?: AbortSignal;
}

export interface PlayResult {
  leads: number;
  signals: number;
  /** What the app refused, or could not be reached for, in words. */
  refused: string[];
}

/** Everything in the order in which it is played; the same on every run. */
export const SAMPLE_EVENTS: readonly SampleEvent[] = [
  ...SAMPLE_SIGNALS,
  ...WEBSITE_LEADS,
  ...SALESFORCE_LEADS,
].sort((one, other) => one.at - other.at);

/** Salesforce's own grow from seconds to two hours. */
const RETRY_DELAYS_MS = [500, 1_500, 5_000, 15_000];

/** Plays the sample leads and signals through the app's real webhooks. Resolves when all were sent or on abort. */
export async function playSamples(options: PlaySamplesOptions): Promise<PlayResult> {
  const { appUrl, salesforce, pace, signal } = options;
  salesforce.outbound.define({
    url: `${appUrl}/webhooks/leads/salesforce`,
    retryDelaysMs: RETRY_DELAYS_MS,
  });
  const result: PlayResult = { leads: 0, signals: 0, refused: [] };
  let played = 0;
  for (const event of SAMPLE_EVENTS) {
    const waitMs = (event.at - played) * 1_000 * pace;
    played = event.at;
    if (waitMs > 0) await delay(waitMs, undefined, signal ? { signal } : {}).catch(() => undefined);
    if (signal?.aborted === true) return result;
    const refusal = await send(event, options);
    if (refusal !== null) result.refused.push(refusal);
    else if (event.via === 'signal') result.signals += 1;
    else result.leads += 1;
    options.log?.(refusal ?? describeEvent(event));
  }
  await Promise.race([salesforce.outbound.idle(), aborted(signal)]);
  const unheard = salesforce.outbound.results.filter(({ acknowledged }) => !acknowledged).length;
  if (unheard > 0) result.refused.push(`${unheard} outbound messages were not acknowledged`);
  return result;
}

/** Never resolves without a signal. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Null when it was taken. */
async function send(event: SampleEvent, options: PlaySamplesOptions): Promise<string | null> {
  switch (event.via) {
    case 'website':
      return sendSigned(options, 'leads/website', event.lead.id, {
        type: 'lead.created',
        data: event.lead,
      });
    case 'signal': {
      const occurredAt = new Date(options.clock.now().getTime() - event.hoursAgo * 3_600_000);
      return sendSigned(options, `signals/${event.source}`, event.id, {
        type: `signal.${event.kind}`,
        data: { id: event.id, kind: event.kind, email: event.email, occurredAt },
      });
    }
    case 'salesforce':
      return createInSalesforce(options.salesforce, event.record);
  }
}

async function sendSigned(
  { appUrl, webhookSecret, clock }: PlaySamplesOptions,
  path: string,
  id: string,
  envelope: JsonRecord,
): Promise<string | null> {
  const now = clock.now();
  const body = JSON.stringify({ timestamp: now.toISOString(), ...envelope });
  const messageId = `sample-${id}`;
  try {
    const response = await fetch(`${appUrl}/webhooks/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': messageId,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': new Webhook(webhookSecret).sign(messageId, now, body),
      },
      body,
    });
    const answer = await response.text();
    return response.ok ? null : `${path} refused ${id}: ${response.status} ${answer.slice(0, 200)}`;
  } catch {
    return `${path} could not be reached for ${id}`;
  }
}

function createInSalesforce(salesforce: Salesforce, record: JsonRecord): string | null {
  try {
    salesforce.createLead(record);
    return null;
  } catch (error) {
    return `Salesforce refused a sample lead: ${error instanceof Error ? error.message : error}`;
  }
}

function describeEvent(event: SampleEvent): string {
  switch (event.via) {
    case 'website':
      return `website sent ${event.lead.id}`;
    case 'salesforce':
      return `Salesforce has a new lead at ${String(event.record.Company)}`;
    case 'signal':
      return `${event.source} reported ${event.kind}`;
  }
}
