import type { Held } from '../lead/held-reason.ts';
import type { SourceConfig } from '../platform/config.ts';
import { boundRecord } from './bound-record.ts';
import { decodeRecord } from './decode-event.ts';
import type { InboundRecord } from './inbound-record.ts';
import type { NewInboundEvent } from './inbox.ts';
import type { IntakeProblem } from './intake-problem.ts';
import { parseJsonBody } from './parse-json-body.ts';
import {
  type OutboundMessage,
  type OutboundMessageOptions,
  parseOutboundMessage,
} from './parse-outbound-message.ts';
import { readItems } from './read-items.ts';
import { type SignedRequest, verifyStandardWebhook } from './verify-standard-webhook.ts';

export interface ReceivedRequest extends SignedRequest {
  kind: 'lead' | 'signal';
  receivedAt: Date;
  traceId: string;
}

export type ReadRequest = { ok: true; events: NewInboundEvent[] } | IntakeProblem;

/** Reads an outbound message, here or in another thread. */
export type ReadOutbound = (
  body: Uint8Array,
  options: OutboundMessageOptions,
) => OutboundMessage | Promise<OutboundMessage>;

/** A request becomes the events that it holds, or the reason why it is refused as a whole. */
export async function readRequest(
  source: SourceConfig,
  request: ReceivedRequest,
  readOutbound: ReadOutbound = parseOutboundMessage,
): Promise<ReadRequest> {
  const found =
    source.kind === 'standard-webhooks'
      ? readSigned(source, request)
      : await readNotifications(source, request, readOutbound);
  if (!found.ok) return found;
  const events = new Map<string, NewInboundEvent>();
  for (const item of found.items) {
    if (!events.has(item.dedupeKey)) events.set(item.dedupeKey, eventOf(source, request, item));
  }
  return { ok: true, events: [...events.values()] };
}

interface FoundItem {
  dedupeKey: string;
  record: InboundRecord;
  held?: Held | undefined;
}

type Found = { ok: true; items: FoundItem[] } | IntakeProblem;

function readSigned(
  source: SourceConfig & { kind: 'standard-webhooks' },
  request: ReceivedRequest,
): Found {
  const verified = verifyStandardWebhook(request, source.secrets, request.receivedAt);
  if (!verified.ok) return verified;
  const body = parseJsonBody(request.body);
  if (!body.ok) return body;
  const items = readItems(body.value, request.kind === 'lead' ? 'leads' : 'signals');
  if (!items.ok) return items;
  // One sender may tell both endpoints of one thing under one id.
  const prefix = request.kind === 'signal' ? 'signal:' : '';
  const key = (index: number) =>
    `${prefix}${verified.webhookId}${items.isBatch ? `#${index}` : ''}`;
  return {
    ok: true,
    items: items.records.map((record, index) => ({ dedupeKey: key(index), record })),
  };
}

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

function eventOf(source: SourceConfig, request: ReceivedRequest, item: FoundItem): NewInboundEvent {
  const { kind, receivedAt, traceId } = request;
  const { dedupeKey } = item;
  const { record, text: rawBody, held } = boundRecord(kind, item.record);
  const event = { kind, source: source.name, dedupeKey, rawBody, receivedAt, traceId };
  const decoded = decodeRecord(record, event);
  const why = decoded.ok ? (held ?? item.held) : decoded;
  return why === undefined ? event : { ...event, held: { reason: why.reason, detail: why.detail } };
}
