import { createSign, generateKeyPairSync } from 'node:crypto';
import jsforce from 'jsforce';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSalesforce, type Salesforce } from '../../demo/salesforce/salesforce.ts';

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let salesforce: Salesforce;
let refreshes = 0;

beforeAll(async () => {
  salesforce = await createSalesforce({
    publicKey: keys.publicKey,
    queryBatchSize: 3,
    users: [
      { firstName: 'Sample', lastName: 'Leaver', email: 'left@example.com', isActive: false },
    ],
  });
});

afterEach(() => {
  salesforce.faults.clear();
  salesforce.setDuplicateRule(false);
  salesforce.usage.limit = 100_000;
  salesforce.journal.clear();
});

afterAll(() => salesforce.close());

/** The way jsforce must be set up: a version, and a refreshFn of our own. */
async function connect(): Promise<jsforce.Connection> {
  const { clientId, clientSecret } = salesforce.app;
  const oauth2 = { loginUrl: salesforce.url, clientId, clientSecret };
  const login = async (): Promise<jsforce.Connection> => {
    const fresh = new jsforce.Connection({ oauth2, version: '65.0' });
    await fresh.authorize({ grant_type: 'client_credentials' });
    return fresh;
  };
  const first = await login();
  return new jsforce.Connection({
    version: '65.0',
    instanceUrl: first.instanceUrl,
    accessToken: first.accessToken ?? '',
    refreshFn: (_connection, callback) => {
      refreshes += 1;
      login().then((next) => callback(null, next.accessToken ?? ''), callback);
    },
  });
}

const lead = (extra: Record<string, unknown> = {}) => ({
  LastName: 'Sample',
  Company: 'Sample Ltd',
  ...extra,
});

/** A write's result without jsforce's union of one and many. */
function one<T>(result: T | T[]): T {
  const [first] = Array.isArray(result) ? result : [result];
  if (first === undefined) throw new Error('no result');
  return first;
}

async function createdId(connection: jsforce.Connection, extra = {}): Promise<string> {
  return one(await connection.sobject('Lead').create(lead(extra))).id ?? '';
}

describe('login', () => {
  it('takes a signed JWT and refuses bad ones', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const assertion = (claims: object, key = keys.privateKey): string => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const good = {
        iss: salesforce.app.clientId,
        sub: salesforce.integrationUser.username,
        aud: salesforce.url,
        exp: now + 120,
      };
      const input = `${part({ alg: 'RS256' })}.${part({ ...good, ...claims })}`;
      return `${input}.${createSign('RSA-SHA256').update(input).sign(key, 'base64url')}`;
    };
    const login = (jwt: string) =>
      new jsforce.Connection({ oauth2: { loginUrl: salesforce.url }, version: '65.0' }).authorize({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: jwt,
      });
    const info = await login(assertion({}));
    expect(info.id).toBe(salesforce.integrationUser.id);
    expect(info.organizationId).toBe(salesforce.organizationId);
    await expect(login(assertion({ exp: now - 1 }))).rejects.toThrow('expired');
    await expect(login(assertion({ aud: 'https://other.example' }))).rejects.toThrow('audience');
    await expect(login(assertion({ sub: 'nobody@example.com' }))).rejects.toThrow('consumer');
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
    const pem = stranger.export({ type: 'pkcs8', format: 'pem' }).toString();
    await expect(login(assertion({}, pem))).rejects.toThrow('invalid assertion');
  });

  it('logs in again after tokens expire', async () => {
    const connection = await connect();
    const before = refreshes;
    salesforce.tokens.expireAll();
    await connection.query('SELECT Id FROM User');
    expect(refreshes).toBe(before + 1);
  });
});

describe('records', () => {
  it('creates, reads, updates and deletes', async () => {
    const connection = await connect();
    const id = await createdId(connection, { Email: 'a@buyer.example' });
    await connection
      .sobject('Lead')
      .update({ Id: id, First_Call_Score__c: 62.5, Status: 'Working - Contacted' });
    const read = await connection.sobject('Lead').retrieve(id);
    expect(read).toMatchObject({
      attributes: { type: 'Lead' },
      Name: 'Sample',
      OwnerId: salesforce.integrationUser.id,
      First_Call_Score__c: 62.5,
      Status: 'Working - Contacted',
    });
    expect(salesforce.journal.writes({ id }).map((write) => write.operation)).toEqual([
      'create',
      'update',
    ]);
    expect(salesforce.journal.writes({ id })[1]?.changes).toEqual({
      First_Call_Score__c: { from: null, to: 62.5 },
      Status: { from: 'Open - Not Contacted', to: 'Working - Contacted' },
    });
    await connection.sobject('Lead').update({ Id: id, First_Call_Score__c: 62.5 });
    expect(salesforce.journal.idleWrites({ id })).toHaveLength(1);
    await connection.sobject('Lead').destroy(id);
    await expect(connection.sobject('Lead').retrieve(id)).rejects.toMatchObject({
      errorCode: 'ENTITY_IS_DELETED',
    });
    const update = connection.sobject('Lead').update({ Id: id, City: 'X' });
    await expect(update).rejects.toMatchObject({ errorCode: 'ENTITY_IS_DELETED' });
  });

  it.each([
    ['INVALID_FIELD', { Frist_Call__c: 1 }],
    ['REQUIRED_FIELD_MISSING', { LastName: '' }],
    ['STRING_TOO_LONG', { LastName: 'x'.repeat(81) }],
    ['STRING_TOO_LONG', { First_Call_Tier__c: 'x'.repeat(21) }],
    ['INVALID_EMAIL_ADDRESS', { Email: 'no mail' }],
    ['JSON_PARSER_ERROR', { First_Call_Score__c: '62' }],
    ['INVALID_FIELD_FOR_INSERT_UPDATE', { SystemModstamp: '2026-01-01T00:00:00Z' }],
    ['INVALID_CROSS_REFERENCE_KEY', { OwnerId: '005Sample000999' }],
  ])('answers %s for %o', async (errorCode, values) => {
    const connection = await connect();
    await expect(connection.sobject('Lead').create(lead(values))).rejects.toMatchObject({
      errorCode,
    });
    expect(salesforce.journal.writes({ ok: false })[0]?.errorCode).toBe(errorCode);
  });

  it('refuses an owner who has left', async () => {
    const connection = await connect();
    const OwnerId = salesforce.userIdByEmail('left@example.com');
    await expect(connection.sobject('Lead').create(lead({ OwnerId }))).rejects.toMatchObject({
      errorCode: 'INACTIVE_OWNER_OR_USER',
    });
  });

  it('upserts by external id, one and many, with a result for each', async () => {
    const connection = await connect();
    const leads = connection.sobject('Lead');
    const values = lead({ First_Call_Id__c: 'L-0001' });
    expect(one(await leads.upsert(values, 'First_Call_Id__c'))).toMatchObject({ created: true });
    expect(one(await leads.upsert(values, 'First_Call_Id__c'))).toMatchObject({ created: false });
    const results = await leads.upsert(
      [
        lead({ First_Call_Id__c: 'L-0001', City: 'Bern' }),
        lead({ First_Call_Id__c: 'L-0002', Company: '' }),
        lead({ First_Call_Id__c: 'L-0003' }),
      ],
      'First_Call_Id__c',
    );
    expect(results).toMatchObject([
      { success: true, created: false },
      { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING' }] },
      { success: true, created: true },
    ]);
  });

  it('keeps going in a collection, or undoes all', async () => {
    const connection = await connect();
    const [first, second] = [await createdId(connection), await createdId(connection)];
    const updates = [
      { Id: first, City: 'Bern' },
      { Id: second, City: 'x'.repeat(41) },
    ];
    expect(await connection.sobject('Lead').update(updates)).toMatchObject([
      { success: true },
      { success: false, errors: [{ statusCode: 'STRING_TOO_LONG' }] },
    ]);
    expect(salesforce.lead(first)?.City).toBe('Bern');
    updates[0] = { Id: first, City: 'Basel' };
    expect(await connection.sobject('Lead').update(updates, { allOrNone: true })).toMatchObject([
      { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }] },
      { success: false },
    ]);
    expect(salesforce.lead(first)?.City).toBe('Bern');
    const many = Array.from({ length: 201 }, () => ({ Id: first, City: 'x' }));
    const raw = connection.requestPatch('/composite/sobjects', { records: many });
    await expect(raw).rejects.toMatchObject({ errorCode: 'EXCEEDED_ID_LIMIT' });
  });

  it('detects duplicates and names the record', async () => {
    const connection = await connect();
    const id = await createdId(connection, { Email: 'twin@buyer.example' });
    salesforce.setDuplicateRule(true);
    const again = lead({ Email: 'twin@buyer.example' });
    await expect(connection.sobject('Lead').create(again)).rejects.toMatchObject({
      errorCode: 'DUPLICATES_DETECTED',
      data: { duplicateResult: { matchResults: [{ matchRecords: [{ record: { Id: id } }] }] } },
    });
    const headers = { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' };
    expect(one(await connection.sobject('Lead').create(again, { headers })).success).toBe(true);
  });

  it('describes fields with types and lengths', async () => {
    const connection = await connect();
    const { fields } = await connection.sobject('Lead').describe();
    const tier = fields.find((field) => field.name === 'First_Call_Tier__c');
    expect(tier).toMatchObject({ type: 'string', length: 20, custom: true, updateable: true });
  });
});

describe('queries', () => {
  it('finds users by e-mail in any case', async () => {
    const connection = await connect();
    const found = await connection
      .sobject('User')
      .find(
        { Email: { $in: ['REP.ONE@example.com', 'manager@example.com'] } },
        'Id, Email, IsActive',
      );
    expect(found.map((user) => user.Email).sort()).toEqual([
      'manager@example.com',
      'rep.one@example.com',
    ]);
  });

  it('pages, orders and compares times', async () => {
    const connection = await connect();
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      ids.push(await createdId(connection, { City: `Query ${index}`, NumberOfEmployees: index }));
    }
    const soql = `SELECT Id, City, Owner.Email FROM Lead WHERE City LIKE 'Query%' AND SystemModstamp > 2020-01-01T00:00:00Z ORDER BY NumberOfEmployees DESC`;
    const first = await connection.query(soql);
    expect(first).toMatchObject({ totalSize: 7, done: false });
    expect(first.records[0]).toMatchObject({
      City: 'Query 6',
      Owner: { Email: salesforce.integrationUser.username },
    });
    const all = await connection.query(soql, { autoFetch: true, maxFetch: 100 });
    expect(all.records.map((record) => record.Id)).toEqual(ids.toReversed());
    const some = await connection.query(
      `SELECT Id FROM Lead WHERE Id IN ('${ids[0]}', '${ids[1]}') AND (NumberOfEmployees = 0 OR City != null) LIMIT 1`,
    );
    expect(some.records).toHaveLength(1);
    const none = await connection.query(`SELECT Id FROM Lead WHERE City = 'O\\'Query'`);
    expect(none.totalSize).toBe(0);
  });

  it.each([
    ['SELECT Nope FROM Lead', 'INVALID_FIELD'],
    ['SELECT Id FROM Lead WHERE Nope = 1', 'INVALID_FIELD'],
    ['SELECT Id FROM Opportunity', 'INVALID_TYPE'],
    ["SELECT Id FROM Lead WHERE City = 'open", 'MALFORMED_QUERY'],
    ['SELECT Id FROM Lead WHERE', 'MALFORMED_QUERY'],
  ])('refuses %s', async (soql, errorCode) => {
    const connection = await connect();
    await expect(connection.query(soql)).rejects.toMatchObject({ errorCode });
  });
});

describe('failures', () => {
  const update = async (connection: jsforce.Connection, id: string) =>
    connection.sobject('Lead').update({ Id: id, City: 'Late' });

  it('locks one record of a collection, once', async () => {
    const connection = await connect();
    const ids = [await createdId(connection), await createdId(connection)];
    salesforce.failRecords({ errorCode: 'UNABLE_TO_LOCK_ROW', target: ids[1] ?? '' });
    const write = () =>
      connection.sobject('Lead').update(ids.map((Id) => ({ Id, City: 'Locked' })));
    expect(await write()).toMatchObject([
      { success: true },
      { success: false, errors: [{ statusCode: 'UNABLE_TO_LOCK_ROW' }] },
    ]);
    expect(await write()).toMatchObject([{ success: true }, { success: true }]);
  });

  it('counts calls and stops at the limit', async () => {
    const connection = await connect();
    await connection.query('SELECT Id FROM User');
    expect(connection.limitInfo.apiUsage?.used).toBe(salesforce.usage.used);
    salesforce.usage.limit = salesforce.usage.used;
    await expect(connection.query('SELECT Id FROM User')).rejects.toMatchObject({
      errorCode: 'REQUEST_LIMIT_EXCEEDED',
    });
  });

  it.each([
    [{ kind: 'drop-after-commit' } as const, 'Late'],
    [{ kind: 'http-error-after-commit', status: 503 } as const, 'Late'],
    [{ kind: 'drop-before' } as const, null],
    [{ kind: 'http-error', status: 503 } as const, null],
    [{ kind: 'error', error: 'REQUEST_LIMIT_EXCEEDED' } as const, null],
  ])('%o', async (fault, city) => {
    const connection = await connect();
    const id = await createdId(connection);
    salesforce.faults.add({ operation: 'update', target: id, fault });
    await expect(update(connection, id)).rejects.toThrow();
    expect(salesforce.lead(id)?.City ?? null).toBe(city);
    expect(salesforce.journal.count({ id, operation: 'update', ok: true })).toBe(
      city === null ? 0 : 1,
    );
  });

  it('holds an update between commit and answer', async () => {
    const connection = await connect();
    const id = await createdId(connection);
    const hold = salesforce.faults.hold({ operation: 'update', when: 'after-commit' });
    const pending = update(connection, id);
    await hold.reached;
    expect(salesforce.lead(id)?.City).toBe('Late');
    hold.release();
    expect(one(await pending).success).toBe(true);
  });
});
