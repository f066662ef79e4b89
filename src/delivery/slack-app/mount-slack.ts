import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import { isTimely } from './check-timestamp.ts';

export const SLACK_PATH = '/slack/events';
/** A submitted view with its blocks, form-encoded, stays far below. */
export const BODY_LIMIT_BYTES = 1_000_000;

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Hands Slack's requests over to Bolt on our own server, body unread: Bolt checks the signature on the
 * bytes as they came. Nothing but the route is shared with the webhooks.
 */
export async function mountSlack(
  http: FastifyInstance,
  listener: RequestListener,
  clock: Clock,
): Promise<void> {
  await http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.post(SLACK_PATH, async (request, reply) => {
      if (!isTimely(request.headers['x-slack-request-timestamp'], clock.now())) {
        return reply.code(401).send();
      }
      if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) {
        return reply.code(413).header('connection', 'close').send();
      }
      reply.hijack();
      // Bolt stops reading a body without a length at its limit and leaves the connection as it stands.
      reply.raw.once('finish', () => {
        if (!request.raw.complete) request.raw.destroy();
      });
      listener(request.raw, reply.raw);
    });
  });
}
