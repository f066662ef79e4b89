import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Salesforce } from '../../demo/salesforce/salesforce.ts';
import { FIRST_CALL_FIELDS } from '../../demo/salesforce/schema.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createSalesforceCrm } from '../../src/write-back/create-salesforce-crm.ts';
import { describeCrmContract, sampleWrite } from '../contracts/crm-contract.ts';
import { connectCrm, openSalesforceWorld, startSalesforce } from './salesforce-world.ts';

describeCrmContract('Salesforce', openSalesforceWorld);

describe('logging in to Salesforce', () => {
  let salesforce: Salesforce;
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

  beforeEach(async () => {
    salesforce = await startSalesforce({ publicKey: keys.publicKey });
  });
  afterEach(() => salesforce.close());

  test('with a signed assertion, line ends of the key written out or not', async () => {
    for (const privateKey of [keys.privateKey, keys.privateKey.replaceAll('\n', '\\n')]) {
      const crm = connectCrm(salesforce, {
        auth: {
          kind: 'jwt-bearer',
          clientId: salesforce.app.clientId,
          privateKey,
          username: salesforce.integrationUser.username,
        },
      });
      await expect(crm.ping()).resolves.toBeUndefined();
    }
  });

  test('not with a key that cannot be read: that is no outage', async () => {
    const { clientId } = salesforce.app;
    const { username } = salesforce.integrationUser;
    const auth = { kind: 'jwt-bearer', clientId, privateKey: 'no key', username } as const;

    await expect(connectCrm(salesforce, { auth }).ping()).rejects.toMatchObject({
      code: 'crm_unauthorized',
      message: 'Salesforce refuses our login: the private key cannot be read',
    });
  });

  test('once for many calls at the same time', async () => {
    const crm = connectCrm(salesforce);
    await Promise.all(Array.from({ length: 8 }, () => crm.ping()));

    expect(salesforce.tokens.issued()).toBe(1);
  });

  test('again when the session has ended, once for all calls, and the write is done once', async () => {
    const crm = connectCrm(salesforce, { clock: { now: () => new Date(Date.now() + minutes) } });
    let minutes = 0;
    await crm.ping();
    salesforce.tokens.expireAll();
    minutes = 5 * 60_000;
    const write = sampleWrite();
    const [results] = await Promise.all([crm.writeLeads([write]), crm.ping(), crm.ping()]);

    expect(results.get(write.leadId)?.kind).toBe('written');
    expect(salesforce.tokens.issued()).toBe(2);
    expect(salesforce.journal.count({ operation: 'create' })).toBe(1);
  });

  test('never in a loop when Salesforce refuses every session', async () => {
    const crm = connectCrm(salesforce);
    await crm.ping();
    for (let index = 0; index < 10; index += 1) {
      salesforce.tokens.expireAll();
      await expect(crm.ping()).rejects.toMatchObject({ code: 'crm_unauthorized' });
    }

    expect(salesforce.tokens.issued()).toBe(1);
    const write = sampleWrite();
    const result = (await crm.writeLeads([write])).get(write.leadId);
    expect(result).toMatchObject({ kind: 'not-written', error: { code: 'crm_unauthorized' } });
  });

  test('a wrong secret is asked about once, not on every call', async () => {
    const { clientId } = salesforce.app;
    const auth = { kind: 'client-credentials', clientId, clientSecret: 'wrong' } as const;
    const crm = connectCrm(salesforce, { auth });
    for (let index = 0; index < 5; index += 1) {
      await expect(crm.ping()).rejects.toMatchObject({ code: 'crm_unauthorized' });
    }

    const logins = salesforce.journal.requests.filter(({ operation }) => operation === 'token');
    expect(logins.length).toBe(1);
  });

  test('a login server that is down is asked again', async () => {
    salesforce.faults.add({ operation: 'token', fault: { kind: 'http-error', status: 503 } });
    const crm = connectCrm(salesforce);

    await expect(crm.ping()).rejects.toMatchObject({ code: 'crm_unavailable', retryable: true });
    await expect(crm.ping()).resolves.toBeUndefined();
  });
});

describe('Salesforce in trouble', () => {
  let salesforce: Salesforce;
  beforeEach(async () => {
    salesforce = await startSalesforce();
  });
  afterEach(() => salesforce.close());

  async function writeOne(timeoutMs = 5_000) {
    const write = sampleWrite();
    return (await connectCrm(salesforce, { timeoutMs }).writeLeads([write])).get(write.leadId);
  }

  test.each([
    { fault: { kind: 'drop-after-commit' } as const, creates: 1 },
    { fault: { kind: 'drop-before' } as const, creates: 0 },
    { fault: { kind: 'http-error', status: 503 } as const, creates: 0 },
    { fault: { kind: 'http-error-after-commit', status: 500 } as const, creates: 1 },
    { fault: { kind: 'slow-after-commit', ms: 4_000 } as const, creates: 1 },
  ])(
    '$fault.kind: nobody knows, and it is not sent again by itself',
    async ({ fault, creates }) => {
      salesforce.faults.add({ operation: 'upsertMany', fault });

      expect(await writeOne(2_000)).toMatchObject({ kind: 'unknown' });
      expect(salesforce.journal.count({ operation: 'create', ok: true })).toBe(creates);
      const calls = salesforce.journal.requests.filter(
        ({ operation }) => operation === 'upsertMany',
      );
      expect(calls.length).toBe(1);
    },
  );

  test('the call limit of the day asks for a quarter of an hour at least', async () => {
    salesforce.faults.add({
      operation: 'upsertMany',
      fault: { kind: 'error', error: 'REQUEST_LIMIT_EXCEEDED' },
    });
    const result = await writeOne();

    expect(result).toMatchObject({ kind: 'not-written', error: { code: 'crm_rate_limited' } });
    const wait = result?.kind === 'not-written' ? (result.error.retryAfterMs ?? 0) : 0;
    expect(wait).toBeGreaterThanOrEqual(15 * 60_000);
  });

  test('tells how much of the call limit is used', async () => {
    const crm = connectCrm(salesforce);
    expect(crm.usage()).toBeNull();
    salesforce.usage.used = 95_000;
    await crm.ping();

    expect(crm.usage()).toBeCloseTo(0.95, 2);
  });

  test.each(['upsert', 'update'] as const)(
    'a missing field is named on %s and on read',
    async (how) => {
      const lacking = await startSalesforce({
        customFields: FIRST_CALL_FIELDS.filter(({ name }) => name !== 'First_Call_Tier__c'),
      });
      try {
        const crm = connectCrm(lacking);
        const { Id } = lacking.createLead({ LastName: 'Sample', Company: 'Example' });
        const write = sampleWrite({ crmId: how === 'update' ? Id : null });

        expect((await crm.writeLeads([write])).get(write.leadId)).toMatchObject({
          kind: 'rejected',
          field: 'First_Call_Tier__c',
          isMissingField: true,
        });
        await expect(crm.readLeads([{ leadId: write.leadId, crmId: Id }])).rejects.toMatchObject({
          name: 'CrmFieldMissing',
          field: 'First_Call_Tier__c',
        });
      } finally {
        await lacking.close();
      }
    },
  );

  test('without the external id field, that field is named', async () => {
    const bare = await startSalesforce({ customFields: [] });
    try {
      const write = sampleWrite();
      expect((await connectCrm(bare).writeLeads([write])).get(write.leadId)).toMatchObject({
        kind: 'rejected',
        field: 'First_Call_Id__c',
        isMissingField: true,
      });
    } finally {
      await bare.close();
    }
  });

  test('a server that cannot be reached is surely not written to', async () => {
    const write = sampleWrite();
    const crm = connectCrm(salesforce);
    await crm.ping();
    await salesforce.close();
    // The connection that was kept open breaks first, and then nobody knows.
    await crm.writeLeads([write]);

    expect((await crm.writeLeads([write])).get(write.leadId)).toMatchObject({
      kind: 'not-written',
      error: { code: 'crm_unavailable' },
    });
    salesforce = await startSalesforce();
  });
});

test('an answer that breaks off half way is an unknown outcome and does not end the process', async () => {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
    if (request.url?.endsWith('/token')) {
      const answer = { access_token: 'sample', instance_url: origin };
      response.end(JSON.stringify(answer).padEnd(500));
    } else {
      response.write('[{"id":');
      setTimeout(() => response.destroy(), 20);
    }
  });
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const origin = `http://127.0.0.1:${port}`;
  try {
    const crm = createSalesforceCrm({
      loginUrl: origin,
      apiVersion: '65.0',
      auth: { kind: 'client-credentials', clientId: 'sample', clientSecret: 'sample' },
      clock: systemClock,
    });
    const write = sampleWrite();

    expect((await crm.writeLeads([write])).get(write.leadId)).toMatchObject({ kind: 'unknown' });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
