import type { SourceConfig } from '../platform/config.ts';
import { eventsOf, type FoundItem, type ReadRequest } from './events-of.ts';
import type { IntakeProblem } from './intake-problem.ts';
import {
  type OutboundMessage,
  type OutboundMessageOptions,
  parseOutboundMessage,
} from './parse-outbound-message.ts';
import { type JsonTask, readJsonEvents } from './read-json-events.ts';
import { type SignedRequest, verifyStandardWebhook } from './verify-standard-webhook.ts';

export interface ReceivedRequest extends SignedRequest {
  kind: 'lead' | 'signal';
  receivedAt: Date;
  traceId: string;
}

/** Reads an outbound message, here or in another thread. */
export type ReadOutbound = (
  body: Uint8Array,
  options: OutboundMessageOptions,
) => OutboundMessage | Promise<OutboundMessage>;

/** Reads a JSON body whose signature is right, here or in another thread. */
export type ReadJson = (task: JsonTask) => ReadRequest | Promise<ReadRequest>;

/** A request becomes the events that it holds, or the reason why it is refused as a whole. */
export async function readRequest(
  source: SourceConfig,
  request: ReceivedRequest,
  readOutbound: ReadOutbound = parseOutboundMessage,
  readJson: ReadJson = readJsonEvents,
): Promise<ReadRequest> {
  const { kind, receivedAt, traceId } = request;
  const received = { kind, receivedAt, traceId, source: source.name };
  if (source.kind === 'standard-webhooks') {
    const verified = verifyStandardWebhook(request, source.secrets, receivedAt);
    if (!verified.ok) return verified;
    const { webhookId } = verified;
    return readJson({ ...received, webhookId, body: request.body });
  }
  const found = await readNotifications(source, request, readOutbound);
  return found.ok ? { ok: true, events: eventsOf(received, found.items) } : found;
}

type Found = { ok: true; items: FoundItem[] } | IntakeProblem;

async function readNotifications(
  source: SourceConfig & { kind: 'salesforce-outbound-message' },
  request: ReceivedRequest,
  readOutbound: ReadOutbound,
): Promise<Found> {
  const { organizationIds } = source;
  const message = await readOutbound(request.body, { organizationIds });
  if (!message.ok) return message;
  return {
    ok: true,
    items: message.notifications.map(({ id, record, held }) => ({ dedupeKey: id, record, held })),
  };
}
