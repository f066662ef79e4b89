import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { PageFiles } from './build-page.ts';
import type { DemoFeed } from './demo-feed.ts';
import type { PageReply } from './page-state.ts';

const Value = z.looseObject({ type: z.string() });
const Values = z.record(z.string(), z.record(z.string(), Value));
const Surface = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), channel: z.string(), ts: z.string() }),
  z.object({ kind: z.literal('view'), viewId: z.string() }),
]);
const Click = z.object({
  as: z.string(),
  surface: Surface,
  blockId: z.string(),
  actionId: z.string(),
  value: Value,
  values: Values,
});
const Command = z.object({ as: z.string(), channel: z.string(), text: z.string().max(4_000) });
const Shortcut = z.object({
  as: z.string(),
  channel: z.string(),
  ts: z.string(),
  callbackId: z.string(),
});
const Submit = z.object({ as: z.string(), viewId: z.string(), values: Values });
const Close = z.object({ as: z.string(), viewId: z.string() });
const Home = z.object({ as: z.string() });

/** Everything comes from this server, so the browser may fetch from nowhere else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Several changes at once are one redraw. */
const GATHER_MS = 40;
const KEEP_ALIVE_MS = 15_000;

/** The routes of the demo page; not listening yet. */
export function createPageServer(feed: DemoFeed, files: PageFiles): FastifyInstance {
  const server = Fastify({ logger: false, bodyLimit: 512_000, forceCloseConnections: true });
  server.addHook('onRequest', refuseStrangers);
  server.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', POLICY);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
  });
  server.get('/api/state', (request) => feed.state(personOf(request)));
  server.get('/api/events', (request, reply) => streamState(feed, request, reply));
  addAction(server, '/api/click', Click, (body) => feed.click(body));
  addAction(server, '/api/command', Command, ({ as, channel, text }) =>
    feed.command(as, channel, text),
  );
  addAction(server, '/api/shortcut', Shortcut, ({ as, channel, ts, callbackId }) =>
    feed.shortcut(as, channel, ts, callbackId),
  );
  addAction(server, '/api/submit', Submit, ({ as, viewId, values }) =>
    feed.submit(as, viewId, values),
  );
  addAction(server, '/api/close', Close, ({ as, viewId }) => feed.close(as, viewId));
  addAction(server, '/api/home', Home, ({ as }) => feed.openHome(as));
  server.get('/*', (request, reply) => {
    const path = new URL(request.url, 'http://page').pathname;
    const file = files.get(path === '/' ? '/index.html' : path);
    if (file === undefined) return reply.code(404).send({ message: 'No such page.' });
    // Names under /assets/ carry a hash of their content.
    const isFixed = path.startsWith('/assets/');
    reply.header('cache-control', isFixed ? 'max-age=31536000, immutable' : 'no-cache');
    return reply.type(file.contentType).send(file.body);
  });
  return server;
}

/**
 * The page acts as anybody without a password, so only itself may ask: another site in the same
 * browser (by Origin, or by a name that resolves to loopback) is refused.
 */
async function refuseStrangers(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const host = request.headers.host ?? '';
  const origin = request.headers.origin;
  const isLocal = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
  if (!isLocal || (origin !== undefined && origin !== `http://${host}`)) {
    await reply.code(403).send({ message: 'This demo page answers only to itself.' });
  }
}

function personOf(request: FastifyRequest): string | null {
  const { as } = request.query as { as?: unknown };
  return typeof as === 'string' ? as : null;
}

function addAction<T>(
  server: FastifyInstance,
  path: string,
  schema: z.ZodType<T>,
  act: (body: T) => Promise<PageReply>,
): void {
  server.post(path, async (request, reply): Promise<PageReply> => {
    const body = schema.safeParse(request.body);
    if (!body.success) {
      reply.code(400);
      return { ok: false, problem: `This click cannot be read: ${z.prettifyError(body.error)}` };
    }
    const result = await act(body.data);
    if (!result.ok) reply.code(502);
    return result;
  });
}

/** Server-sent events: the whole state at once and after every change. */
function streamState(feed: DemoFeed, request: FastifyRequest, reply: FastifyReply): void {
  const as = personOf(request);
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'content-security-policy': POLICY,
  });
  let waiting: NodeJS.Timeout | null = null;
  const send = () => {
    waiting = null;
    raw.write(`event: state\ndata: ${JSON.stringify(feed.state(as))}\n\n`);
  };
  const stop = feed.onChange(() => {
    waiting ??= setTimeout(send, GATHER_MS);
  });
  const keepAlive = setInterval(() => raw.write(': still here\n\n'), KEEP_ALIVE_MS);
  raw.on('close', () => {
    stop();
    clearInterval(keepAlive);
    if (waiting !== null) clearTimeout(waiting);
  });
  raw.write('retry: 1000\n\n');
  send();
}
