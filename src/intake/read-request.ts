import type { SourceConfig } from '../platform/config.ts';
import { decodeRecord } from './decode-event.ts';
import { type InboundRecord, recordText } from './inbound-record.ts';
import type { NewInboundEvent } from './inbox.ts';
import type { IntakeProblem } from './intake-problem.ts';
import { parseJsonBody } from './parse-json-body.ts';
import { parseOutboundMessage } from './parse-outbound-message.ts';
import { readItems } from './read-items.ts';
import { type SignedRequest, verifyStandardWebhook } from './verify-standard-webhook.ts';

export interface ReceivedRequest extends SignedRequest {
  kind: 'lead' | 'signal';
  receivedAt: Date;
  traceId: string;
}

export type ReadRequest = { ok: true; events: NewInboundEvent[] } | IntakeProblem;

/** A request becomes the events that it holds, or the reason why it is refused as a whole. Pure. */
export function readRequest(source: SourceConfig, request: ReceivedRequest): ReadRequest {
  const found =
    source.kind === 'standard-webhooks'
      ? readSigned(source, request)
      : readOutbound(source, request);
  if (!found.ok) return found;
  const events = new Map<string, NewInboundEvent>();
  for (const [dedupeKey, record] of found.records) {
    if (!events.has(dedupeKey)) events.set(dedupeKey, eventOf(source, request, dedupeKey, record));
  }
  return { ok: true, events: [...events.values()] };
}

type Found = { ok: true; records: [dedupeKey: string, record: InboundRecord][] } | IntakeProblem;

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
  return { ok: true, records: items.records.map((record, index) => [key(index), record]) };
}

function readOutbound(
  source: SourceConfig & { kind: 'salesforce-outbound-message' },
  request: ReceivedRequest,
): Found {
  const message = parseOutboundMessage(request.body, source);
  if (!message.ok) return message;
  return { ok: true, records: message.notifications.map(({ id, record }) => [id, record]) };
}

function eventOf(
  source: SourceConfig,
  request: ReceivedRequest,
  dedupeKey: string,
  record: InboundRecord,
): NewInboundEvent {
  const { kind, receivedAt, traceId } = request;
  const rawBody = recordText(record);
  const event = { kind, source: source.name, dedupeKey, rawBody, receivedAt, traceId };
  const decoded = decodeRecord(record, event);
  if (decoded.ok) return event;
  return { ...event, held: { reason: decoded.reason, detail: decoded.detail } };
}
