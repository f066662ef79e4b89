import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type LoopbackServer,
  readBody,
  startLoopbackServer,
} from '../../demo/doubles/loopback-server.ts';
import { createSalesforce, type Salesforce } from '../../demo/salesforce/salesforce.ts';
import { parseOutboundMessage } from '../../src/intake/parse-outbound-message.ts';
import { outboundMessageAck } from '../../src/intake/soap-answers.ts';

let salesforce: Salesforce;
let receiver: LoopbackServer;
const bodies: string[] = [];
let answers: { status: number; body: string; meanwhile?: () => void }[] = [];

beforeAll(async () => {
  salesforce = await createSalesforce();
  receiver = await startLoopbackServer(async (request, response) => {
    bodies.push(await readBody(request));
    const answer = answers.shift() ?? { status: 200, body: outboundMessageAck() };
    answer.meanwhile?.();
    response.writeHead(answer.status, { 'content-type': 'text/xml' });
    response.end(answer.body);
  });
});

afterEach(() => {
  bodies.length = 0;
  answers = [];
  salesforce.outbound.define(undefined);
});

afterAll(async () => {
  await salesforce.close();
  await receiver.close();
});

/** What our own intake makes of an envelope. */
function read(body: string | undefined) {
  const message = parseOutboundMessage(Buffer.from(body ?? ''), {
    organizationIds: [salesforce.organizationId],
  });
  if (!message.ok) throw new Error(message.message);
  return message.notifications;
}

describe('sendOutboundMessage', () => {
  it('sends what intake can read, hostile text and all', async () => {
    const LastName = `<!channel> & ]]> "quoted" \u0000 \u202e`;
    const record = { Id: '00QSample000001', LastName, Company: null };
    const result = await salesforce.sendOutboundMessage([record], { url: receiver.url });
    expect(result.acknowledged).toBe(true);
    const [notification] = read(bodies[0]);
    expect(notification?.id).toMatch(/^04l/);
    expect(JSON.stringify(notification?.record)).toContain('<!channel> & ]]>');
    expect(JSON.stringify(notification?.record)).not.toContain('company');
  });

  it('sends again until acknowledged, under the same id', async () => {
    answers = [
      { status: 500, body: '' },
      { status: 200, body: '{"ok":true}' },
      { status: 200, body: outboundMessageAck().replace('true', 'false') },
    ];
    const record = { Id: '00QSample000001', LastName: 'Sample' };
    const notificationIds = [salesforce.nextNotificationId()];
    const options = { url: receiver.url, notificationIds, retryDelaysMs: [1, 1, 1] };
    const result = await salesforce.sendOutboundMessage([record], options);
    expect(result.attempts.map((attempt) => attempt.status)).toEqual([500, 200, 200, 200]);
    expect(result.acknowledged).toBe(true);
    expect(bodies.map((body) => read(body)[0]?.id)).toEqual(Array(4).fill(notificationIds[0]));
  });

  it('takes up to 100 records', async () => {
    const records = Array.from({ length: 101 }, () => ({ Id: '00QSample000001' }));
    expect(() => salesforce.sendOutboundMessage(records, { url: receiver.url })).toThrow(
      '1 to 100',
    );
    await salesforce.sendOutboundMessage(records.slice(0, 100), { url: receiver.url });
    expect(read(bodies[0])).toHaveLength(100);
  });
});

describe('the message that fires by itself', () => {
  const values = { LastName: 'Sample', Company: 'Sample Ltd' };

  it('goes out on create and update, but not for the integration user', async () => {
    salesforce.outbound.define({ url: receiver.url, fields: ['LastName', 'City'] });
    const { Id } = salesforce.createLead(values);
    await salesforce.outbound.idle();
    salesforce.updateLead(Id, { City: 'Bern' });
    await salesforce.outbound.idle();
    salesforce.updateLead(Id, { City: 'Basel' }, salesforce.integrationUser.id);
    await salesforce.outbound.idle();
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toContain('<sf:City>Bern</sf:City>');
    expect(bodies[1]).not.toContain('Company');
  });

  it('carries only the latest values on a retry', async () => {
    salesforce.outbound.define({ url: receiver.url, retryDelaysMs: [1] });
    const { Id } = salesforce.createLead(values);
    const meanwhile = (): void => {
      salesforce.updateLead(Id, { City: 'Later' }, salesforce.integrationUser.id);
    };
    answers = [{ status: 503, body: '', meanwhile }];
    await salesforce.outbound.idle();
    expect(bodies[0]).not.toContain('Later');
    expect(bodies[1]).toContain('Later');
    expect(salesforce.outbound.results.at(-1)?.acknowledged).toBe(true);
  });

  it('puts a burst into batches of 100', async () => {
    salesforce.outbound.define({ url: receiver.url });
    for (let index = 0; index < 250; index += 1) salesforce.createLead(values);
    await salesforce.outbound.idle();
    expect(bodies.map((body) => read(body).length).reduce((sum, each) => sum + each, 0)).toBe(250);
    expect(Math.max(...bodies.map((body) => read(body).length))).toBeLessThanOrEqual(100);
  });
});
