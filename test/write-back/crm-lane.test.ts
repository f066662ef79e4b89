import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Salesforce } from '../../demo/salesforce/salesforce.ts';
import { SAMPLE_USERS } from '../../demo/slack/workspace.ts';
import { claimDue } from '../../src/platform/outbox.ts';
import { matchCrmUsers } from '../../src/write-back/match-crm-users.ts';
import { createMovableClock, type MovableClock } from '../support/movable-clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  type CrmLaneHarness,
  createCrmLaneHarness,
  decide,
  insertMember,
  insertRuleset,
  insertScoredLead,
  score,
} from './crm-lane-harness.ts';
import { connectCrm, SHARED_EMAIL, startSalesforce } from './salesforce-world.ts';

const REP = 'U0REP';
const NAMELESS = 'U0NAMELESS';

let database: TestDatabase;
let salesforce: Salesforce;
let clock: MovableClock;
let harness: CrmLaneHarness;
let repCrmId: string;
let otherCrmId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await insertRuleset(database.db);
});
afterAll(() => database.drop());

beforeEach(async () => {
  const { db } = database;
  await db.deleteFrom('outbox').execute();
  clock = createMovableClock();
  salesforce = await startSalesforce({ clock });
  repCrmId = salesforce.userIdByEmail(SAMPLE_USERS.repOne.email);
  otherCrmId = salesforce.userIdByEmail(SAMPLE_USERS.repTwo.email);
  const rep = await db.selectFrom('members').select('slack_user_id').executeTakeFirst();
  if (rep === undefined) {
    await insertMember(db, REP, repCrmId, SAMPLE_USERS.repOne.email);
    await insertMember(db, NAMELESS, null, 'nobody@example.org');
  }
  harness = createCrmLaneHarness({ db, salesforce, clock });
});
// Each org starts its ids anew: no lead of an earlier one may hold them.
afterEach(async () => {
  await database.db.updateTable('leads').set({ crm_id: null }).execute();
  await salesforce.close();
});

async function leadInCrm(values: object = {}): Promise<{ leadId: string; crmId: string }> {
  const OwnerId = salesforce.userIdByEmail(SAMPLE_USERS.manager.email);
  const owned = { LastName: 'Sample', Company: 'Example', OwnerId };
  const record = salesforce.createLead({ ...owned, ...values });
  const leadId = await insertScoredLead(database.db, { crmId: record.Id });
  return { leadId, crmId: record.Id };
}

async function send(leadId: string): Promise<void> {
  await harness.owe(leadId);
  await harness.sendDue();
}

async function sendLater(ms = 30_000): Promise<void> {
  clock.advance(ms);
  await harness.sendDue();
}

function requests(operation: string): number {
  return salesforce.journal.requests.filter((request) => request.operation === operation).length;
}

describe('writing back', () => {
  test('score, tier, why and ruleset reach the record, and nothing else changes', async () => {
    const { leadId, crmId } = await leadInCrm();
    const before = salesforce.lead(crmId);
    await send(leadId);

    expect(salesforce.lead(crmId)).toMatchObject({
      First_Call_Score__c: 62,
      First_Call_Tier__c: 'B',
      First_Call_Reasons__c: '+62 sample reason',
      First_Call_Ruleset__c: 'v1',
      First_Call_Decision__c: null,
      OwnerId: before?.OwnerId,
      Status: before?.Status,
    });
    expect(await harness.stateOf(leadId)).toBe('done');
  });

  test('a lead that the CRM does not hold is created once, and known by its id from then on', async () => {
    const leadId = await insertScoredLead(database.db, { email: 'dana@firm.example' });
    await send(leadId);
    await score(database.db, leadId, 70);
    await send(leadId);

    expect(salesforce.leads()).toEqual([
      expect.objectContaining({ LastName: 'Sample', First_Call_Score__c: 70 }),
    ]);
    const { crm_id } = await database.db
      .selectFrom('leads')
      .select('crm_id')
      .where('id', '=', leadId)
      .executeTakeFirstOrThrow();
    expect(crm_id).toBe(salesforce.leads()[0]?.Id);
    expect(requests('updateMany')).toBe(1);
  });

  test('nothing new, no call', async () => {
    const { leadId } = await leadInCrm();
    await send(leadId);
    const calls = salesforce.journal.requests.length;
    await send(leadId);

    expect(await harness.stateOf(leadId)).toBe('done');
    expect(salesforce.journal.requests.length).toBe(calls);
  });

  test('three hundred leads take two calls', async () => {
    for (let index = 0; index < 300; index += 1) {
      await harness.owe(await insertScoredLead(database.db));
    }
    await harness.sendDue();

    expect(salesforce.leads().length).toBe(300);
    expect(requests('upsertMany')).toBe(2);
  });

  test('a lead without a score has nothing to say', async () => {
    const { leadId } = await leadInCrm();
    await database.db
      .updateTable('leads')
      .set({ assessment_id: null })
      .where('id', '=', leadId)
      .execute();
    await send(leadId);

    expect(await harness.stateOf(leadId)).toBe('done');
    expect(salesforce.journal.requests.length).toBe(0);
  });
});

describe('a decision', () => {
  test('accepting makes the rep the owner and leaves the status: nobody has called yet', async () => {
    const { leadId, crmId } = await leadInCrm();
    await decide(database.db, leadId, 'accepted', REP);
    await send(leadId);

    expect(salesforce.lead(crmId)).toMatchObject({
      OwnerId: repCrmId,
      Status: 'Open - Not Contacted',
      First_Call_Decision__c: 'Accepted',
    });
  });

  test('a rep without a CRM user is never claimed as the owner, and the admins are told', async () => {
    const { leadId, crmId } = await leadInCrm();
    const before = salesforce.lead(crmId)?.OwnerId;
    await decide(database.db, leadId, 'accepted', NAMELESS);
    await send(leadId);

    expect(salesforce.lead(crmId)).toMatchObject({
      OwnerId: before,
      First_Call_Decision__c: 'Accepted',
    });
    expect(await harness.notices()).toEqual(['admins crm_owner_unmatched']);
  });

  test('an override sends its tier and reason; a disqualification closes the lead', async () => {
    const { leadId, crmId } = await leadInCrm();
    await decide(database.db, leadId, 'overridden', REP, { toTier: 'D', reasonCode: 'too_small' });
    await send(leadId);
    expect(salesforce.lead(crmId)).toMatchObject({
      First_Call_Tier__c: 'D',
      First_Call_Decision__c: 'Overridden to D',
      First_Call_Override_Reason__c: 'too_small',
      Status: 'Open - Not Contacted',
    });

    await decide(database.db, leadId, 'disqualified', REP, { reasonCode: 'competitor' });
    await send(leadId);
    expect(salesforce.lead(crmId)).toMatchObject({
      First_Call_Decision__c: 'Disqualified',
      Status: 'Closed - Not Converted',
    });
  });

  test('undo restores owner and status when the CRM still holds ours', async () => {
    const { leadId, crmId } = await leadInCrm({ Status: 'Working - Contacted' });
    const before = salesforce.lead(crmId)?.OwnerId;
    const undoes = await decide(database.db, leadId, 'disqualified', REP);
    await database.db
      .updateTable('leads')
      .set({ accepted_by: REP })
      .where('id', '=', leadId)
      .execute();
    await send(leadId);
    expect(salesforce.lead(crmId)).toMatchObject({
      OwnerId: repCrmId,
      Status: 'Closed - Not Converted',
    });

    await decide(database.db, leadId, 'undone', REP, { undoes });
    await send(leadId);

    expect(salesforce.lead(crmId)).toMatchObject({
      OwnerId: before,
      Status: 'Working - Contacted',
      First_Call_Decision__c: null,
    });
    expect(await harness.notices()).toEqual([]);
  });

  test('undo leaves what somebody else changed meanwhile, and tells the one who undid', async () => {
    const { leadId, crmId } = await leadInCrm();
    const undoes = await decide(database.db, leadId, 'accepted', REP);
    await send(leadId);
    salesforce.updateLead(crmId, { OwnerId: otherCrmId });
    await decide(database.db, leadId, 'undone', REP, { undoes });
    await send(leadId);

    expect(salesforce.lead(crmId)?.OwnerId).toBe(otherCrmId);
    expect(await harness.notices()).toEqual([`${REP} crm_changed_since`]);
  });

  test('undo of what a record was created with: open again, and the one who undid is told of the owner', async () => {
    const [taken, off] = [
      await insertScoredLead(database.db),
      await insertScoredLead(database.db, { email: 'off@firm.example' }),
    ];
    const accepted = await decide(database.db, taken, 'accepted', REP);
    const disqualified = await decide(database.db, off, 'disqualified', REP);
    await send(taken);
    await send(off);
    const record = (leadId: string) =>
      salesforce.leads().find((lead) => lead.First_Call_Id__c === leadId);
    expect(record(taken)?.OwnerId).toBe(repCrmId);
    expect(record(off)?.Status).toBe('Closed - Not Converted');

    await decide(database.db, off, 'undone', REP, { undoes: disqualified });
    await send(off);
    expect(record(off)?.Status).toBe('Open - Not Contacted');
    expect(await harness.notices()).toEqual([]);
    await decide(database.db, taken, 'undone', REP, { undoes: accepted });
    await send(taken);
    expect(record(taken)?.OwnerId).toBe(repCrmId);
    expect(await harness.notices()).toEqual([`${REP} crm_created_with`]);
  });

  test('a later score does not take back a lead that was reassigned in the CRM', async () => {
    const { leadId, crmId } = await leadInCrm();
    await decide(database.db, leadId, 'accepted', REP);
    await send(leadId);
    salesforce.updateLead(crmId, { OwnerId: otherCrmId });
    await score(database.db, leadId, 20);
    await send(leadId);

    expect(salesforce.lead(crmId)).toMatchObject({
      OwnerId: otherCrmId,
      First_Call_Score__c: 20,
    });
  });
});

describe('one change for one cause', () => {
  const integrationWrites = () =>
    salesforce.journal.writes({ userId: salesforce.integrationUser.id, ok: true });

  test.each([
    { kind: 'drop-after-commit' } as const,
    { kind: 'http-error-after-commit', status: 500 } as const,
    { kind: 'slow-after-commit', ms: 4_000 } as const,
    { kind: 'drop-before' } as const,
  ])('$kind on an update', async (fault) => {
    const { leadId, crmId } = await leadInCrm();
    await decide(database.db, leadId, 'accepted', REP);
    salesforce.faults.add({ operation: 'updateMany', fault });
    await send(leadId);
    expect(await harness.stateOf(leadId)).toBe('unknown');
    await sendLater();

    expect(await harness.stateOf(leadId)).toBe('done');
    expect(salesforce.lead(crmId)).toMatchObject({ OwnerId: repCrmId, First_Call_Score__c: 62 });
    expect(integrationWrites().length).toBe(1);
  });

  test('a create whose answer was lost is found again', async () => {
    const leadId = await insertScoredLead(database.db);
    salesforce.faults.add({ operation: 'upsertMany', fault: { kind: 'drop-after-commit' } });
    await send(leadId);
    await sendLater();

    expect(salesforce.leads().length).toBe(1);
    expect(integrationWrites().length).toBe(1);
    expect(await harness.stateOf(leadId)).toBe('done');
  });

  test('a held lead is not created, also not after an interrupted attempt', async () => {
    const leadId = await insertScoredLead(database.db);
    await database.db
      .updateTable('leads')
      .set({ state: 'held', held_reason: 'disqualified' })
      .where('id', '=', leadId)
      .execute();
    await harness.owe(leadId);
    await claimDue(database.db, 'crm', clock.now(), 1);
    await harness.recover();
    await harness.sendDue();

    expect(salesforce.leads()).toEqual([]);
    expect(await harness.stateOf(leadId)).toBe('done');
  });

  test('killed between the write and its record', async () => {
    const { leadId } = await leadInCrm();
    await decide(database.db, leadId, 'accepted', REP);
    await harness.owe(leadId);
    await harness.sendAndDie();
    await harness.recover();
    await harness.sendDue();

    expect(integrationWrites().length).toBe(1);
    expect(await harness.stateOf(leadId)).toBe('done');
  });

  test('undone while the acceptance was unknown: the owner before is restored all the same', async () => {
    const { leadId, crmId } = await leadInCrm();
    const before = salesforce.lead(crmId)?.OwnerId;
    const undoes = await decide(database.db, leadId, 'accepted', REP);
    await harness.owe(leadId);
    await harness.sendAndDie();
    expect(salesforce.lead(crmId)?.OwnerId).toBe(repCrmId);
    await decide(database.db, leadId, 'undone', REP, { undoes });
    await harness.recover();
    salesforce.faults.add({ operation: 'updateMany', fault: { kind: 'drop-before' } });
    await harness.sendDue();
    await sendLater();

    expect(salesforce.lead(crmId)?.OwnerId).toBe(before);
    expect(await harness.stateOf(leadId)).toBe('done');
  });

  test('a duplicate in the CRM is adopted, not doubled', async () => {
    const email = 'twin@firm.example';
    const twin = salesforce.createLead({ LastName: 'Twin', Company: 'Example', Email: email });
    salesforce.setDuplicateRule(true);
    const leadId = await insertScoredLead(database.db, { email });
    await send(leadId);

    expect(salesforce.leads().length).toBe(1);
    expect(salesforce.lead(twin.Id)).toMatchObject({ First_Call_Score__c: 62 });
    expect(await harness.stateOf(leadId)).toBe('done');
  });
});

describe('when Salesforce refuses', () => {
  test('a locked record is written later, the rest of the batch now', async () => {
    const locked = await leadInCrm();
    const free = await leadInCrm();
    salesforce.failRecords({ errorCode: 'UNABLE_TO_LOCK_ROW', target: locked.crmId });
    await harness.owe(locked.leadId);
    await send(free.leadId);
    expect(await harness.stateOf(locked.leadId)).toBe('due');
    expect(await harness.stateOf(free.leadId)).toBe('done');
    await sendLater();

    expect(await harness.stateOf(locked.leadId)).toBe('done');
  });

  test('the call limit rests the whole lane for a quarter of an hour', async () => {
    const { leadId } = await leadInCrm();
    salesforce.faults.add({
      operation: 'updateMany',
      fault: { kind: 'error', error: 'REQUEST_LIMIT_EXCEEDED' },
    });
    await send(leadId);
    expect(await harness.lane.ready()).toBe(false);
    expect(await harness.notices()).toEqual(['admins crm_limit']);
    await sendLater(14 * 60_000);
    expect(requests('updateMany')).toBe(1);
    await sendLater(2 * 60_000);

    expect(await harness.stateOf(leadId)).toBe('done');
  });

  test('above nine tenths of the limit, one batch a minute', async () => {
    salesforce.usage.used = 95_000;
    await send((await leadInCrm()).leadId);
    expect(await harness.lane.ready()).toBe(false);
    clock.advance(61_000);
    expect(await harness.lane.ready()).toBe(true);
  });

  test('a refused login rests the lane, tells the admins once, and heals', async () => {
    const { leadId } = await leadInCrm();
    salesforce.faults.add({
      operation: 'updateMany',
      fault: { kind: 'error', error: 'INVALID_SESSION_ID' },
      times: 2,
    });
    await send(leadId);
    expect(await harness.stateOf(leadId)).toBe('due');
    expect(await harness.notices()).toEqual(['admins crm_unauthorized']);
    await sendLater(6 * 60_000);

    expect(await harness.stateOf(leadId)).toBe('done');
  });

  test('a field that it does not have is named to the admins once, and heals', async () => {
    const leads = [await leadInCrm(), await leadInCrm()];
    const stop = leads.map(({ crmId }) =>
      salesforce.failRecords({
        errorCode: 'INVALID_FIELD',
        message: "No such column 'First_Call_Tier__c' on sobject of type Lead",
        target: crmId,
      }),
    );
    for (const { leadId } of leads) await harness.owe(leadId);
    await harness.sendDue();
    expect(await harness.notices()).toEqual(['admins crm_field_missing']);
    expect(await harness.stateOf(leads[0]?.leadId ?? '')).toBe('failed');
    for (const each of stop) each();
    clock.advance(15 * 60_000);
    await harness.recover();
    await harness.sendDue();

    expect(await harness.stateOf(leads[0]?.leadId ?? '')).toBe('done');
  });

  test('a record that was deleted there is done here, and the lead is closed', async () => {
    const { leadId, crmId } = await leadInCrm();
    salesforce.deleteLead(crmId);
    await send(leadId);

    expect(await harness.stateOf(leadId)).toBe('done');
    expect(harness.gone).toEqual([{ leadId, why: 'deleted' }]);
  });

  test('down for a long time: everything waits and arrives', async () => {
    const { leadId, crmId } = await leadInCrm();
    const outage = salesforce.faults.add({
      operation: '*',
      fault: { kind: 'http-error', status: 503 },
      times: Number.POSITIVE_INFINITY,
    });
    await send(leadId);
    for (let index = 0; index < 20; index += 1) await sendLater(5 * 60_000);
    expect(await harness.stateOf(leadId)).not.toBe('failed');
    outage.cancel();
    await sendLater(6 * 60_000);

    expect(await harness.stateOf(leadId)).toBe('done');
    expect(salesforce.lead(crmId)).toMatchObject({ First_Call_Score__c: 62 });
  });
});

test('members are linked to CRM users by e-mail; the unmatched are listed, a shared address is one', async () => {
  const { db } = database;
  await insertMember(db, 'U0SHARED', otherCrmId, SHARED_EMAIL);
  await db
    .updateTable('members')
    .set({ crm_user_id: null })
    .where('slack_user_id', '=', REP)
    .execute();

  const leads = { repCrmId: await ownedBy(repCrmId), otherCrmId: await ownedBy(otherCrmId) };

  const result = await matchCrmUsers(db, connectCrm(salesforce), new Date());

  expect(result).toEqual({ matched: 1, unmatched: [NAMELESS, 'U0SHARED'] });
  const rows = await db
    .selectFrom('members')
    .select(['slack_user_id', 'crm_user_id'])
    .orderBy('slack_user_id')
    .execute();
  expect(rows.map((row) => row.crm_user_id)).toEqual([null, repCrmId, null]);
  expect(await isDue(leads.repCrmId)).toBe(true);
  expect(await isDue(leads.otherCrmId)).toBe(false);

  // Known already: nothing is to be routed anew.
  await db.updateTable('leads').set({ score_due_at: null }).execute();
  await matchCrmUsers(db, connectCrm(salesforce), new Date());
  expect(await isDue(leads.repCrmId)).toBe(false);
});

/** A scored open lead whose owner in the CRM this is. */
async function ownedBy(ownerCrmId: string): Promise<string> {
  const leadId = await insertScoredLead(database.db);
  const profile = JSON.stringify({ ownerCrmId });
  await database.db.updateTable('leads').set({ profile }).where('id', '=', leadId).execute();
  return leadId;
}

async function isDue(leadId: string): Promise<boolean> {
  const lead = await database.db
    .selectFrom('leads')
    .select('score_due_at')
    .where('id', '=', leadId)
    .executeTakeFirstOrThrow();
  return lead.score_due_at !== null;
}
