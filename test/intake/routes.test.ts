import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastifyFactory, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodeEvent } from '../../src/intake/decode-event.ts';
import { registerIntakeRoutes } from '../../src/intake/routes.ts';
import { normaliseLead } from '../../src/lead/normalise-lead.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { eventually } from '../support/eventually.ts';
import { createMemoryInbox } from './memory-inbox.ts';
import {
  NOW,
  ORGANIZATION_ID,
  OTHER_SECRET,
  outboundMessage,
  SECRET,
  type SignOptions,
  signedHeaders,
} from './sample-requests.ts';

const servers: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start() {
  const inbox = createMemoryInbox();
  const lines: string[] = [];
  const metrics = createMetrics();
  const onReceived = vi.fn<(ids: string[]) => Promise<void>>(async () => {});
  const fastify = fastifyFactory();
  servers.push(fastify);
  await registerIntakeRoutes(fastify, {
    sources: [
      { name: 'web-form', kind: 'standard-webhooks', secrets: [OTHER_SECRET, SECRET] },
      {
        name: 'salesforce',
        kind: 'salesforce-outbound-message',
        organizationIds: [ORGANIZATION_ID],
      },
    ],
    inbox,
    clock: { now: () => NOW },
    log: createLogger({
      level: 'trace',
      format: 'json',
      destination: { write: (line) => void lines.push(line) },
    }),
    metrics,
    onReceived,
  });
  const post = async (path: string, body: string | Buffer, headers: Record<string, string>) => {
    const answer = await fastify.inject({
      method: 'POST',
      url: `/webhooks/${path}`,
      headers,
      payload: body,
    });
    return { status: answer.statusCode, headers: answer.headers, text: answer.body };
  };
  return {
    fastify,
    inbox,
    metrics,
    onReceived,
    lines,
    post,
    send: (body: unknown, options: SignOptions & { path?: string } = {}) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return post(options.path ?? 'leads/web-form', text, signedHeaders(text, options));
    },
    sendSoap: (xml: string) =>
      post('leads/salesforce', xml, { 'content-type': 'text/xml; charset=utf-8' }),
  };
}

const LEAD = { id: 'form-1', email: 'ada@acme.example', company: 'Acme' };

describe('POST /webhooks/leads/<source>, signed JSON', () => {
  it('stores the lead, then answers, then wakes the work', async () => {
    const { send, inbox, onReceived, metrics } = await start();
    const answer = await send(LEAD);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ received: 1, duplicates: 0, held: 0 });
    const [event] = inbox.events;
    expect(event).toMatchObject({
      kind: 'lead',
      source: 'web-form',
      dedupeKey: 'msg_1',
      receivedAt: NOW,
    });
    expect(event?.traceId).toBe(answer.headers['x-trace-id']);
    expect(event && decodeEvent(event)).toMatchObject({
      lead: { externalId: 'form-1', company: 'Acme' },
    });
    await eventually(() => expect(onReceived).toHaveBeenCalledExactlyOnceWith(['event-1']));
    expect(await metrics.registry.metrics()).toContain(
      'firstcall_webhooks_total{source="web-form",result="stored"} 1',
    );
  });

  it.each(['web-form', 'salesforce'])('says nothing to %s before the commit', async (source) => {
    const { send, sendSoap, inbox, onReceived } = await start();
    const commit = inbox.stall();
    let isAnswered = false;
    const answer = (source === 'salesforce' ? sendSoap(outboundMessage([{}])) : send(LEAD)).finally(
      () => {
        isAnswered = true;
      },
    );
    // Long after everything but the commit is done: a second request, stuck nowhere, has its answer.
    expect((await send(LEAD, { path: 'leads/nobody' })).status).toBe(404);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isAnswered).toBe(false);
    expect(onReceived).not.toHaveBeenCalled();
    commit();
    expect((await answer).status).toBe(200);
    expect(inbox.events).toHaveLength(1);
  });

  it('answers the same id again, freshly signed, without effect', async () => {
    const { send, inbox, onReceived } = await start();
    await send(LEAD);
    const again = await send(LEAD, { at: new Date(NOW.getTime() + 60_000) });
    expect(again.status).toBe(200);
    expect(JSON.parse(again.text)).toMatchObject({ duplicates: 1 });
    expect(inbox.events).toHaveLength(1);
    await eventually(() => expect(onReceived).toHaveBeenCalledTimes(1));
  });

  it('lets the good ones of a batch go on and holds the rest, visibly', async () => {
    const { send, inbox, onReceived } = await start();
    const leads = [LEAD, 'nonsense', { email: { $gt: '' } }, { ...LEAD, id: 'form-2' }];
    const answer = await send({
      type: 'lead.created',
      timestamp: NOW.toISOString(),
      data: { leads },
    });
    expect(JSON.parse(answer.text)).toMatchObject({ received: 4, held: 2 });
    expect(inbox.events.map((event) => [event.dedupeKey, event.held?.reason])).toEqual([
      ['msg_1#0', undefined],
      ['msg_1#1', 'not-a-lead'],
      ['msg_1#2', 'field-of-wrong-kind'],
      ['msg_1#3', undefined],
    ]);
    await eventually(() => expect(onReceived).toHaveBeenCalledWith(['event-1', 'event-4']));
  });

  it.each([
    ['leads/web-form', 'lead', 200_000],
    ['signals/web-form', 'signal', 20_000],
  ])(
    'cuts an item beyond all measure on %s to the fields that we read, and holds it',
    async (path, kind, size) => {
      const { send, inbox, onReceived } = await start();
      const good = { id: '1', kind: 'pricing_viewed', email: 'ada@acme.example' };
      const properties = Object.fromEntries(
        Array.from({ length: size / 20 }, (_, index) => [`p${index}`, 'x'.repeat(20)]),
      );
      const answer = await send([good, { ...good, id: '2', ...properties }], { path });
      expect(JSON.parse(answer.text)).toMatchObject({ received: 2, held: 1 });
      const [first, second] = inbox.events;
      expect(first?.held).toBeUndefined();
      expect(second?.held).toMatchObject({
        reason: 'item-too-large',
        detail: expect.stringMatching(new RegExp(`^the ${kind} has \\d+ characters; at most`)),
      });
      expect(second?.rawBody.length).toBeLessThan(500);
      // Read again it goes on with what was kept.
      expect(second && decodeEvent(second)).toMatchObject({ ok: true, kind });
      await eventually(() => expect(onReceived).toHaveBeenCalledExactlyOnceWith(['event-1']));
    },
  );

  it('continues the trace of the sender', async () => {
    const { post, inbox } = await start();
    const body = JSON.stringify(LEAD);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await post('leads/web-form', body, { ...signedHeaders(body), traceparent });
    expect(inbox.events[0]?.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  it.each([
    [
      'a wrong signature',
      { secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` },
      401,
      'signature_invalid',
    ],
    [
      'an old timestamp',
      { at: new Date(NOW.getTime() - 301_000) },
      400,
      'timestamp_out_of_tolerance',
    ],
    [
      'a future timestamp',
      { at: new Date(NOW.getTime() + 301_000) },
      400,
      'timestamp_out_of_tolerance',
    ],
    ['an unknown source', { path: 'leads/nobody' }, 404, 'source_unknown'],
    ['JSON for Salesforce', { path: 'leads/salesforce' }, 415, 'content_type_unsupported'],
  ])('refuses %s', async (_, options, status, code) => {
    const { send, inbox, onReceived } = await start();
    const answer = await send(LEAD, options);
    expect(answer.status).toBe(status);
    if (!answer.text.startsWith('<')) expect(JSON.parse(answer.text)).toMatchObject({ code });
    expect(answer.text).toMatch(/\.["<]/);
    expect(inbox.events).toHaveLength(0);
    expect(onReceived).not.toHaveBeenCalled();
  });

  it.each([
    ['broken JSON', '{"email": "ada@acme.example"'],
    ['an empty body', ''],
    ['a bare number', '42'],
    ['a million brackets', '['.repeat(900_000)],
  ])('refuses %s with a sentence', async (_, body) => {
    const { send } = await start();
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).message).toMatch(/^[A-Z].*\.$/);
    expect(answer.text).not.toContain('acme');
  });

  it('refuses other and missing content types, and compressed bodies', async () => {
    const { post } = await start();
    const body = JSON.stringify(LEAD);
    for (const change of [
      { 'content-type': 'text/xml' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': '' },
      { 'content-encoding': 'gzip' },
    ]) {
      const answer = await post('leads/web-form', body, { ...signedHeaders(body), ...change });
      expect(answer.status, JSON.stringify(change)).toBe(415);
    }
  });

  it('refuses 5 MB, announced or not, over a real connection', async () => {
    const { fastify, inbox } = await start();
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    const { port } = fastify.server.address() as AddressInfo;
    const body = Buffer.from(`"${'x'.repeat(5_000_000)}"`);
    for (const framing of [
      { 'content-length': String(body.length) },
      { 'transfer-encoding': 'chunked' },
    ]) {
      const headers = { ...signedHeaders('x'), ...framing };
      const answer = await postOverSocket(port, '/webhooks/leads/web-form', headers, body);
      expect(answer.status).toBe(413);
      expect(answer.text).toContain('too large');
    }
    expect(inbox.events).toHaveLength(0);
  });

  it('asks for another try while the database is down, and takes it when it is back', async () => {
    const { send, inbox, onReceived, lines } = await start();
    inbox.setDown(true);
    const failed = await send(LEAD);
    expect(failed.status).toBe(503);
    expect(failed.headers['retry-after']).toBe('30');
    expect(JSON.parse(failed.text).message).toContain('send it again');
    expect(lines.join('')).toContain('database_unavailable');
    expect(onReceived).not.toHaveBeenCalled();
    inbox.setDown(false);
    expect((await send(LEAD)).status).toBe(200);
  });

  it('does not fail the sender when waking the work fails', async () => {
    const { send, onReceived, lines } = await start();
    onReceived.mockRejectedValueOnce(new Error('queue is down'));
    expect((await send(LEAD)).status).toBe(200);
    await eventually(() => expect(lines.join('')).toContain('queue is down'));
  });

  it('keeps hostile text out of the log and out of harm', async () => {
    const { send, inbox, lines } = await start();
    const hostile = {
      id: 'h\u0000\u202e1',
      email: 'eve@evil.example',
      firstName: '<!channel> <https://x.example|y>',
      lastName: 'A'.repeat(10_000),
      company: '\u202egnp.exe\u0000\u200b',
      password: 'hunter2',
      __proto__: { isAdmin: true },
    };
    expect((await send(hostile)).status).toBe(200);
    expect(lines.join('')).not.toMatch(/eve@|hunter2|channel/);
    const [event] = inbox.events;
    expect(event?.rawBody).not.toContain('hunter2');
    expect(event?.rawBody).not.toContain('\u0000');
    const decoded = event && decodeEvent(event);
    if (!decoded?.ok || decoded.kind !== 'lead') throw new Error('not decoded');
    const lists = { free: new Set<string>(), disposable: new Set<string>() };
    const normal = normaliseLead(decoded.lead, 'web-form', NOW, lists);
    expect(normal).toMatchObject({ lead: { externalId: 'msg_1', company: 'gnp.exe' } });
    expect(normal.ok && normal.lead.lastName).toHaveLength(80);
  });
});

describe('POST /webhooks/leads/<source>, Salesforce', () => {
  it('acknowledges after the commit, and again on redelivery without effect', async () => {
    const { sendSoap, inbox } = await start();
    const xml = outboundMessage([{}, { id: '04l000000000002AAA', type: 'Contact' }]);
    for (let delivery = 0; delivery < 2; delivery++) {
      const answer = await sendSoap(xml);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toContain('text/xml');
      expect(answer.text).toContain('<Ack>true</Ack>');
    }
    expect(inbox.events.map((event) => [event.dedupeKey, event.held?.reason])).toEqual([
      ['04l000000000001AAA', undefined],
      ['04l000000000002AAA', 'unsupported-record'],
    ]);
    expect(JSON.stringify(inbox.events)).not.toMatch(/sample-session-value|00D0/);
  });

  it('acknowledges a message with a broken notification once the good ones and the held one are stored', async () => {
    const { sendSoap, inbox, onReceived } = await start();
    const xml = outboundMessage([{}, { id: '' }, { id: '04l000000000003AAA' }]);
    const commit = inbox.stall();
    let isAnswered = false;
    const first = sendSoap(xml).finally(() => {
      isAnswered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isAnswered).toBe(false);
    commit();
    expect((await first).text).toContain('<Ack>true</Ack>');
    expect((await sendSoap(xml)).text).toContain('<Ack>true</Ack>');
    expect(inbox.events.map((event) => event.held?.reason)).toEqual([
      undefined,
      'notification-without-id',
      undefined,
    ]);
    await eventually(() =>
      expect(onReceived).toHaveBeenCalledExactlyOnceWith(['event-1', 'event-3']),
    );
    // A manager can still let it in.
    expect(inbox.events[1] && decodeEvent(inbox.events[1])).toMatchObject({ ok: true });
  });

  it.each([
    ['the wrong organisation', outboundMessage([{}], '00D000000000009'), 403],
    ['broken XML', '<a><b></a>', 400],
    ['an entity bomb', `<!DOCTYPE x [<!ENTITY a "aaaa">]>${outboundMessage([{}])}`, 400],
    ['too much', 'x'.repeat(4 * 1024 * 1024 + 1), 413],
  ])('answers %s with a fault and no Ack', async (_, xml, status) => {
    const { sendSoap, inbox } = await start();
    const answer = await sendSoap(xml);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain('soapenv:Fault');
    expect(answer.text).not.toContain('Ack');
    expect(inbox.events).toHaveLength(0);
  });

  it('gives no Ack while the database is down', async () => {
    const { sendSoap, inbox } = await start();
    inbox.setDown(true);
    const answer = await sendSoap(outboundMessage([{}]));
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('soapenv:Server');
    expect(answer.text).not.toContain('Ack');
  });
});

describe('POST /webhooks/signals/<source>', () => {
  it('stores signals under keys of their own', async () => {
    const { send, inbox } = await start();
    await send(LEAD);
    const signals = [{ kind: 'pricing_viewed', email: LEAD.email }, { kind: 'demo_requested' }];
    const answer = await send({ signals }, { path: 'signals/web-form' });
    expect(JSON.parse(answer.text)).toMatchObject({ received: 2, held: 1 });
    const one = await send(
      { kind: 'x', email: LEAD.email },
      { path: 'signals/web-form', id: 'msg_1' },
    );
    expect(JSON.parse(one.text)).toMatchObject({ duplicates: 0 });
    expect(inbox.events.map((event) => [event.kind, event.dedupeKey])).toEqual([
      ['lead', 'msg_1'],
      ['signal', 'signal:msg_1#0'],
      ['signal', 'signal:msg_1#1'],
      ['signal', 'signal:msg_1'],
    ]);
  });

  it('takes none from Salesforce', async () => {
    const { post } = await start();
    const answer = await post('signals/salesforce', '<a/>', { 'content-type': 'text/xml' });
    expect(answer.status).toBe(404);
  });
});

function postOverSocket(
  port: number,
  path: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, path, headers, method: 'POST' }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    // The server may stop reading before we stop sending; its answer still counts.
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error);
    });
    request.end(body);
  });
}
