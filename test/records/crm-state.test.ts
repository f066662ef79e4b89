import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readReport } from '../../src/delivery/queries/report-query.ts';
import { recordText } from '../../src/intake/inbound-record.ts';
import { loadMailDomains } from '../../src/intake/load-mail-domains.ts';
import { createPostgresInbox } from '../../src/intake/postgres-inbox.ts';
import { salesforceId } from '../../src/lead/salesforce-id.ts';
import { shortId } from '../../src/lead/short-id.ts';
import { createPipeline, type Pipeline } from '../../src/pipeline.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createRepLoads } from '../../src/records/rep-loads.ts';
import { readRulesFolder } from '../../src/records/rules-folder.ts';
import { createRulesets, seedRulesets } from '../../src/records/rulesets.ts';
import { closeGoneLead } from '../../src/write-back/close-gone-lead.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { sampleLead, testLogger } from '../support/world.ts';
import { insertMember } from '../write-back/crm-lane-harness.ts';

/* Which record of the CRM speaks for a lead, and what it may do to it. */

const REP = 'U0REP';
const OPEN = 'Open - Not Contacted';
const WORKING = 'Working - Contacted';
const LOST = 'Closed - Not Converted';
const CONVERTED = 'Closed - Converted';

let database: TestDatabase;
let pipeline: Pipeline;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  await seedRulesets(db, await readRulesFolder('scoring-rules'), new Date());
  await insertMember(db, REP, null);
  pipeline = createPipeline({
    ...{ db, clock: systemClock, log: testLogger(), pepper: 'pepper', writesBack: true },
    rulesets: createRulesets(db),
    mailDomains: loadMailDomains(),
    newShortId: () => shortId(randomBytes(8)),
    loads: createRepLoads(db, systemClock),
  });
});
afterAll(() => database.drop());

async function receive(source: string, record: Parameters<typeof recordText>[0]) {
  const event = { kind: 'lead' as const, source, dedupeKey: randomUUID(), traceId: 'trace' };
  const [stored] = await createPostgresInbox(database.db).store([
    { ...event, rawBody: recordText(record), receivedAt: new Date() },
  ]);
  await pipeline.eventsReceived([stored?.id ?? '']);
}

type Person = { email: string; website?: string };

function somebody(): Person {
  return { email: `dana@${randomBytes(4).toString('hex')}.example` };
}

function recordId(): string {
  return salesforceId(`00Q${randomBytes(6).toString('hex')}`) ?? '';
}

/** An outbound message of the CRM about its record. */
async function crmTells(person: Person, crmId: string, status: string | null): Promise<void> {
  const { id: _, ...sample } = sampleLead(person);
  const fields = Object.entries({ ...sample, crmId, status }).filter(([, value]) => value !== null);
  const data = {
    sobjectType: 'Lead',
    fields: fields.map(([name, value]) => [name.replace('_', ''), String(value)]),
  };
  await receive('salesforce', { format: 'salesforce', type: null, timestamp: null, data });
}

/** The person fills in the form on the website. */
async function asks(person: Person, over: object = {}): Promise<void> {
  const data = sampleLead({ ...person, ...over });
  await receive('website', { format: 'json', type: null, timestamp: null, data });
}

async function leadOf({ email }: Person) {
  return database.db
    .selectFrom('leads')
    .selectAll()
    .where((eb) => eb(eb.ref('profile', '->>').key('email'), '=', email))
    .executeTakeFirstOrThrow();
}

async function stateOf(person: Person): Promise<string> {
  const { state, closed_reason: reason } = await leadOf(person);
  return reason === null ? state : `${state}: ${reason}`;
}

async function isPinged(person: Person): Promise<boolean> {
  const { id } = await leadOf(person);
  const row = await database.db
    .selectFrom('outbox')
    .select('key')
    .where('key', '=', `hot:${id}`)
    .executeTakeFirst();
  return row !== undefined;
}

async function change(person: Person, values: { state?: 'accepted'; accepted_by?: string }) {
  const { id } = await leadOf(person);
  await database.db.updateTable('leads').set(values).where('id', '=', id).execute();
}

async function deletedInCrm(person: Person): Promise<void> {
  const { id: leadId, crm_id: crmId } = await leadOf(person);
  const gone = { leadId, crmId, why: 'deleted' as const, traceId: 'trace', now: new Date() };
  await database.db.transaction().execute((tx) => closeGoneLead(tx, gone));
}

describe('a lead that the CRM tells of for the first time', () => {
  test.each([
    [LOST, 'closed: closed_in_crm', false],
    ['Unqualified', 'closed: closed_in_crm', false],
    [CONVERTED, 'closed: converted_in_crm', false],
    [WORKING, 'contacted', false],
    [OPEN, 'open', true],
    ['In Review', 'open', true],
  ])('as %s is %s', async (status, state, pinged) => {
    const person = somebody();
    await crmTells(person, recordId(), status);

    expect(await stateOf(person)).toBe(state);
    expect(await isPinged(person)).toBe(pinged);
  });

  test('is delivered in the report when it needed no call', async () => {
    const from = new Date();
    for (const status of [LOST, WORKING]) await crmTells(somebody(), recordId(), status);
    const { conservation } = await readReport(database.db, from, new Date(Date.now() + 1));

    expect(conservation).toMatchObject({ received: 2, delivered: 2, inFlight: 0 });
  });
});

describe('of two records of one person', () => {
  test('the own one closes the lead, the duplicate says nothing of it', async () => {
    const person = somebody();
    const [own, duplicate] = [recordId(), recordId()];
    await crmTells(person, own, OPEN);
    await crmTells(person, duplicate, LOST);
    expect(await stateOf(person)).toBe('open');
    const { id } = await leadOf(person);
    const outcomes = database.db.selectFrom('outcomes').select('kind').where('lead_id', '=', id);
    expect(await outcomes.execute()).toEqual([]);

    await crmTells(person, own, LOST);
    expect(await stateOf(person)).toBe('closed: closed_in_crm');
    expect(await outcomes.execute()).toEqual([{ kind: 'lost' }]);
  });

  test.each([OPEN, null])(
    'the surviving one takes over from a deleted one (%s)',
    async (status) => {
      const person = somebody();
      const survivor = recordId();
      await crmTells(person, recordId(), OPEN);
      await database.db
        .insertInto('crm_writes')
        .values({
          ...{ lead_id: (await leadOf(person)).id, crm_id: null, content_hash: 'old' },
          ...{ written_at: null, owner_before: null, owner_written: null },
          ...{ status_before: null, status_written: null },
        })
        .execute();
      await deletedInCrm(person);
      await crmTells(person, survivor, status);

      const lead = await leadOf(person);
      expect(lead).toMatchObject({ state: 'open', closed_reason: null, crm_id: survivor });
      // Else the survivor would never be written to: it seems to hold the score already.
      const writes = database.db
        .selectFrom('crm_writes')
        .selectAll()
        .where('lead_id', '=', lead.id);
      expect(await writes.execute()).toEqual([]);
    },
  );

  test('the other one takes over that told of itself before the deletion was known', async () => {
    const person = somebody();
    const [first, survivor] = [recordId(), recordId()];
    await crmTells(person, first, OPEN);
    await crmTells(person, survivor, OPEN);
    const { id } = await leadOf(person);
    await deletedInCrm(person);
    expect(await leadOf(person)).toMatchObject({ state: 'open', crm_id: survivor });

    // The deletion is told once more, by a write that was under way.
    const gone = { leadId: id, crmId: first, why: 'deleted' as const, traceId: 'trace' };
    await database.db
      .transaction()
      .execute((tx) => closeGoneLead(tx, { ...gone, now: new Date() }));
    expect(await stateOf(person)).toBe('open');
    await deletedInCrm(person);
    expect(await stateOf(person)).toBe('closed: deleted_in_crm');
  });

  test('a duplicate that is closed does not keep the lead of a deleted record open', async () => {
    const person = somebody();
    await crmTells(person, recordId(), OPEN);
    await crmTells(person, recordId(), LOST);
    await deletedInCrm(person);

    expect(await stateOf(person)).toBe('closed: deleted_in_crm');
  });

  test('a closed survivor leaves the lead closed, and speaks for it from then on', async () => {
    const person = somebody();
    const survivor = recordId();
    await crmTells(person, recordId(), OPEN);
    await deletedInCrm(person);
    await crmTells(person, survivor, LOST);
    expect(await stateOf(person)).toBe('closed: closed_in_crm');

    await crmTells(person, survivor, OPEN);
    expect(await leadOf(person)).toMatchObject({ state: 'open', crm_id: survivor });
  });
});

describe('a closed lead opens again', () => {
  test.each([
    [OPEN, null, 'open'],
    [OPEN, REP, 'accepted'],
    [WORKING, null, 'contacted'],
    ['In Review', null, 'closed: closed_in_crm'],
  ])('when its own record is %s again (had by %s): %s', async (status, rep, state) => {
    const person = somebody();
    const own = recordId();
    await crmTells(person, own, OPEN);
    if (rep !== null) await change(person, { state: 'accepted', accepted_by: rep });
    await crmTells(person, own, LOST);
    await crmTells(person, own, status);

    expect(await stateOf(person)).toBe(state);
  });

  test('when the person asks again, for the team, until the CRM tells something new', async () => {
    const person = somebody();
    const own = recordId();
    await crmTells(person, own, OPEN);
    await change(person, { state: 'accepted', accepted_by: REP });
    await crmTells(person, own, LOST);
    await asks(person);
    expect(await leadOf(person)).toMatchObject({ state: 'open', accepted_by: null, crm_id: own });

    // Our own score written there comes back with the status of before.
    await crmTells(person, own, LOST);
    expect(await stateOf(person)).toBe('open');
    await crmTells(person, own, CONVERTED);
    expect(await stateOf(person)).toBe('closed: converted_in_crm');
  });

  test('when the person asks again whose record was deleted, and gets a new one', async () => {
    const person = somebody();
    await crmTells(person, recordId(), OPEN);
    await deletedInCrm(person);
    await asks(person);

    expect(await leadOf(person)).toMatchObject({ state: 'open', crm_id: null });
  });

  test('but not one that was converted, nor one that a person disqualified', async () => {
    const [converted, disqualified] = [somebody(), somebody()];
    const own = recordId();
    await crmTells(converted, recordId(), CONVERTED);
    await crmTells(disqualified, own, OPEN);
    const { id } = await leadOf(disqualified);
    await database.db
      .updateTable('leads')
      .set({ state: 'closed', closed_reason: 'disqualified:competitor' })
      .where('id', '=', id)
      .execute();
    await asks(converted);
    await asks(disqualified);
    await crmTells(disqualified, own, OPEN);

    expect(await stateOf(converted)).toBe('closed: converted_in_crm');
    expect(await stateOf(disqualified)).toBe('closed: disqualified:competitor');
  });
});

test.each([
  [LOST, 'closed', 'closed_in_crm'],
  [WORKING, 'contacted', null],
])('a held lead that the CRM says is %s is no longer held', async (status, state, reason) => {
  const person = { ...somebody(), website: 'rival.example' };
  const own = recordId();
  await crmTells(person, own, OPEN);
  expect(await leadOf(person)).toMatchObject({ state: 'held', held_reason: 'disqualified' });
  await crmTells(person, own, status);

  expect(await leadOf(person)).toMatchObject({
    ...{ state, closed_reason: reason, held_reason: null, held_detail: null },
  });
});

test.each([LOST, WORKING])('the status "%s" of a form says nothing of the work', async (status) => {
  const [known, fresh] = [somebody(), somebody()];
  await asks(known);
  await asks(known, { status });
  await asks(fresh, { status });

  for (const person of [known, fresh]) {
    expect(await stateOf(person)).toBe('open');
    const { id } = await leadOf(person);
    const outcomes = database.db.selectFrom('outcomes').selectAll().where('lead_id', '=', id);
    expect(await outcomes.execute()).toEqual([]);
  }
});
