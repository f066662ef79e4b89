import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../platform/clock.ts';
import type { SourceConfig } from '../platform/config.ts';
import type { Logger } from '../platform/logger.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Inbox, NewInboundEvent, StoredEvent } from './inbox.ts';
import { type IntakeProblem, problem } from './intake-problem.ts';
import { createJsonReader } from './json-reader.ts';
import { createOutboundReader } from './outbound-reader.ts';
import {
  type ReadJson,
  type ReadOutbound,
  type ReceivedRequest,
  readRequest,
} from './read-request.ts';
import { outboundMessageAck, outboundMessageFault } from './soap-answers.ts';

export interface IntakeOptions {
  sources: readonly SourceConfig[];
  inbox: Inbox;
  clock: Clock;
  log: Logger;
  metrics: Pick<Metrics, 'webhooks' | 'webhookSeconds'>;
  /**
   * Called after the answer was decided, with the ids of events that are new and not held. It only wakes
   * the work: what it loses is found again in the inbox.
   */
  onReceived(eventIds: string[]): void | Promise<void>;
}

type RefusalOptions = Pick<IntakeOptions, 'sources' | 'log' | 'metrics'>;

const JSON_LIMIT = 1024 * 1024;
// Up to 100 notifications, each a record with its long text.
const XML_LIMIT = 4 * 1024 * 1024;
const JSON_TYPES = ['application/json', 'text/json', 'application/cloudevents+json'];
const XML_TYPES = ['text/xml', 'application/xml', 'application/soap+xml'];
const RETRY_AFTER_SECONDS = 30;

interface Received {
  kind: NewInboundEvent['kind'];
  source: SourceConfig;
}

/**
 * `POST /webhooks/leads/<source>` and `POST /webhooks/signals/<source>`. Answers 200 (Salesforce: Ack) only
 * after the inbox has committed.
 */
export async function registerIntakeRoutes(
  fastify: FastifyInstance,
  options: IntakeOptions,
): Promise<void> {
  const outbound = createOutboundReader();
  const json = createJsonReader();
  fastify.addHook('onClose', () => Promise.all([outbound.close(), json.close()]));
  const readers = { outbound: outbound.read, json: json.read };
  await fastify.register(async (scope) => {
    keepRawBodies(scope);
    scope.setErrorHandler(async (error: FastifyError, request, reply) =>
      refuse(request, reply, options, problemOf(error), error),
    );
    for (const kind of ['lead', 'signal'] as const) {
      scope.post(`/webhooks/${kind}s/:source`, {
        // Before the body is read: a stranger does not get to fill our memory.
        onRequest: async (request, reply) => {
          const known = admit(request, kind, options.sources);
          if ('ok' in known) return refuse(request, reply, options, known);
        },
        handler: async (request, reply) => {
          const known = admit(request, kind, options.sources);
          if ('ok' in known) return refuse(request, reply, options, known);
          return receive(request, reply, options, known, readers);
        },
      });
    }
  });
}

/** For requests that no route takes, or whose address cannot be read: answered as other refusals are. */
export function refuseAddress(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RefusalOptions,
): Promise<FastifyReply> {
  const message =
    'Nothing takes this request: check its method and address; leads go to POST /webhooks/leads/<source>.';
  return refuse(request, reply, options, problem(404, 'address_unknown', message));
}

// Signatures are over the bytes as sent: nothing may parse them first.
function keepRawBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  const keep = async (_request: FastifyRequest, body: Buffer) => body;
  scope.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer', bodyLimit: JSON_LIMIT }, keep);
  scope.addContentTypeParser(XML_TYPES, { parseAs: 'buffer', bodyLimit: XML_LIMIT }, keep);
}

function admit(
  request: FastifyRequest,
  kind: NewInboundEvent['kind'],
  sources: readonly SourceConfig[],
): Received | IntakeProblem {
  const source = findSource(request, sources);
  if (source === undefined || (kind === 'signal' && source.kind !== 'standard-webhooks')) {
    return problem(
      404,
      'source_unknown',
      `No source of ${kind}s has this name: check the address.`,
    );
  }
  const isJson = source.kind === 'standard-webhooks';
  const given =
    (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!(isJson ? JSON_TYPES : XML_TYPES).includes(given)) {
    const wanted = isJson ? 'application/json' : 'text/xml';
    return problem(415, 'content_type_unsupported', `Send this source Content-Type: ${wanted}.`);
  }
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    return problem(415, 'content_encoding_unsupported', 'Send the body uncompressed.');
  }
  return { kind, source };
}

function findSource(
  request: FastifyRequest,
  sources: readonly SourceConfig[],
): SourceConfig | undefined {
  // An address that cannot be read has none.
  const params = request.params as { source?: string } | null;
  return sources.find((source) => source.name === params?.source);
}

async function receive(
  request: FastifyRequest,
  reply: FastifyReply,
  options: IntakeOptions,
  { kind, source }: Received,
  readers: { outbound: ReadOutbound; json: ReadJson },
): Promise<FastifyReply> {
  const traceId = traceIdOf(request);
  const received: ReceivedRequest = {
    kind,
    traceId,
    receivedAt: options.clock.now(),
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    headers: {
      id: oneHeader(request, 'webhook-id'),
      timestamp: oneHeader(request, 'webhook-timestamp'),
      signature: oneHeader(request, 'webhook-signature'),
    },
  };
  const read = await readRequest(source, received, readers.outbound, readers.json);
  if (!read.ok) return refuse(request, reply, options, read);
  const stored = await store(options.inbox, read.events);
  if (!stored.ok) return refuse(request, reply, options, stored.problem, stored.error);
  const fresh = read.events.flatMap((event, index) => {
    const row = stored.events[index];
    return row === undefined || row.duplicate
      ? []
      : [{ id: row.id, isHeld: event.held !== undefined }];
  });
  const counts = {
    received: read.events.length,
    duplicates: read.events.length - fresh.length,
    held: fresh.filter((event) => event.isHeld).length,
  };
  options.log.info(
    { traceId, source: source.name, kind, eventIds: fresh.map((event) => event.id), ...counts },
    'webhook received',
  );
  count(options, reply, source.name, fresh.length > 0 ? 'stored' : 'duplicate');
  wake(
    options,
    traceId,
    fresh.filter((event) => !event.isHeld).map((event) => event.id),
  );
  reply.header('x-trace-id', traceId);
  return source.kind === 'standard-webhooks'
    ? reply.code(200).send({ ...counts, traceId })
    : reply.code(200).type('text/xml; charset=utf-8').send(outboundMessageAck());
}

type StoreResult =
  | { ok: true; events: StoredEvent[] }
  | { ok: false; problem: IntakeProblem; error: unknown };

async function store(inbox: Inbox, events: readonly NewInboundEvent[]): Promise<StoreResult> {
  try {
    return { ok: true, events: events.length === 0 ? [] : await inbox.store(events) };
  } catch (error) {
    const message = 'Nothing could be stored just now: send it again later, it is safe to repeat.';
    return { ok: false, problem: problem(503, 'storage_unavailable', message), error };
  }
}

function wake(options: IntakeOptions, traceId: string, eventIds: string[]): void {
  if (eventIds.length === 0) return;
  Promise.resolve(eventIds)
    .then((ids) => options.onReceived(ids))
    .catch((error: unknown) => {
      const message = 'could not enqueue received events; the sweep will';
      options.log.warn({ traceId, eventIds, err: error }, message);
    });
}

async function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RefusalOptions,
  why: IntakeProblem,
  error?: unknown,
): Promise<FastifyReply> {
  const source = findSource(request, options.sources);
  // A name that somebody made up would be a label without end.
  const name = source?.name ?? 'unknown';
  const line = { source: name, status: why.status, code: why.code };
  if (why.status >= 500) options.log.error({ ...line, err: error }, 'webhook failed');
  else options.log.warn(line, 'webhook refused');
  count(options, reply, name, why.code);
  if (why.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  // A body that is refused unread may still be on its way.
  if (why.status === 413) reply.header('connection', 'close');
  reply.code(why.status);
  if (source?.kind === 'salesforce-outbound-message') {
    const fault = outboundMessageFault(why.status >= 500 ? 'Server' : 'Client', why.message);
    return reply.type('text/xml; charset=utf-8').send(fault);
  }
  return reply.send({ code: why.code, message: why.message });
}

function problemOf(error: FastifyError): IntakeProblem {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem(
        413,
        'body_too_large',
        `The body is too large: at most ${JSON_LIMIT} bytes of JSON or ${XML_LIMIT} of XML; send smaller batches.`,
      );
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problem(400, 'body_unreadable', 'The body is not as long as Content-Length says.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return problem(415, 'content_type_unsupported', 'Send JSON, or XML for Salesforce.');
  }
  return problem(500, 'unexpected', 'Something failed on our side: send it again.');
}

function count(options: RefusalOptions, reply: FastifyReply, source: string, result: string): void {
  options.metrics.webhooks.inc({ source, result });
  options.metrics.webhookSeconds.observe({ source }, reply.elapsedTime / 1000);
}

/** The trace that the sender is in (W3C traceparent), or a new one. */
function traceIdOf(request: FastifyRequest): string {
  const parent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(
    oneHeader(request, 'traceparent') ?? '',
  )?.[1];
  return parent === undefined || /^0+$/.test(parent) ? randomUUID().replaceAll('-', '') : parent;
}

function oneHeader(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
