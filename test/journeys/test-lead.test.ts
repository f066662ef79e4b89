import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSalesforce, type Salesforce } from '../../demo/salesforce/salesforce.ts';
import type { Person } from '../../demo/slack/person.ts';
import { readReport } from '../../src/delivery/queries/report-query.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';

const WAIT = { timeout: 15_000, interval: 50 };

describe('/firstcall test-lead', () => {
  let world: World;
  let salesforce: Salesforce;
  let admin: Person;
  let rep: Person;
  beforeAll(async () => {
    salesforce = await createSalesforce();
    const { clientId, clientSecret } = salesforce.app;
    world = await createWorld({
      salesforce: {
        SALESFORCE_LOGIN_URL: salesforce.url,
        SALESFORCE_CLIENT_ID: clientId,
        SALESFORCE_CLIENT_SECRET: clientSecret,
      },
    });
    admin = world.person('admin');
    rep = world.person('repOne');
  });
  afterAll(async () => {
    await world.close();
    await salesforce.close();
  });

  /** The answer to a command that says all there is to say. */
  async function told(wanted: RegExp): Promise<{ text: string; channel: string; ts: string }> {
    return vi.waitFor(() => {
      const last = admin.ephemerals().at(-1);
      expect(last?.text).toMatch(wanted);
      return { text: last?.text ?? '', channel: last?.channel ?? '', ts: last?.ts ?? '' };
    }, WAIT);
  }
  const boards = () =>
    JSON.stringify(['leads-growth', 'leads-enterprise'].map((name) => rep.messages(name)));
  const report = () => readReport(world.database.db, new Date(0), new Date(Date.now() + 60_000));

  let leadId: string;

  it('sends a labelled lead through everything and says how long each step took', async () => {
    await admin.runCommand('/firstcall', 'test-lead');
    const { text } = await told(
      /Received (at once|after .*), scored after [\d.]+ s, shown .* after/,
    );
    expect(text).toMatch(/^Test lead L-\w{4}: tier [A-D], \d+ points, for .* in #leads-/);
    expect(text).not.toContain('follows here');
    expect(boards()).toContain('Sample person, test lead by Sample Admin');
    const lead = await world.database.db
      .selectFrom('leads')
      .select(['id', 'source', 'short_id'])
      .executeTakeFirstOrThrow();
    expect(lead.source).toBe('test-lead');
    leadId = lead.id;
  });

  it('makes no second one while the first is there', async () => {
    await admin.runCommand('/firstcall', 'test-lead');
    await told(/^A test lead is there already/);
    const { count } = await world.database.db
      .selectFrom('leads')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(1);
  });

  it('took as long as it took, however often it is scored again', async () => {
    const { db } = world.database;
    await sql`insert into assessments select (jsonb_populate_record(scored, jsonb_build_object(
        'id', uuidv7(), 'scored_at', scored.scored_at + interval '900 seconds'))).*
      from assessments as scored where lead_id = ${leadId}`.execute(db);
    await sql`update leads set assessment_id = (select id from assessments
        where lead_id = ${leadId} order by scored_at desc limit 1)
      where id = ${leadId}`.execute(db);
    const before = admin.ephemerals().length;
    await admin.runCommand('/firstcall', 'test-lead');
    await vi.waitFor(() => expect(admin.ephemerals().length).toBeGreaterThan(before), WAIT);
    const { text } = await told(/^A test lead is there already/);
    expect(text).toMatch(/scored after \d{1,2}(\.\d+)? s/);
  });

  it('is in no figure but its own, and never in the CRM, whatever people decide on it', async () => {
    await world.sendLead(sampleLead());
    await world.scored();
    const { ledger } = await ledgerOf(leadId);
    expect(ledger.kind).toBe('recorded');
    await world.settled(40_000);
    const { conservation, decisions, overrideRate, timeToAccept } = await report();
    expect(conservation).toMatchObject({ received: 2, tests: 1, delivered: 1, balanced: true });
    expect([decisions.accepted, overrideRate.n, timeToAccept.n]).toEqual([0, 0, 0]);
    expect(salesforce.leads().map((lead) => String(lead.Company))).toEqual([
      expect.stringContaining('Sample Freight'),
    ]);
    await admin.runCommand('/firstcall', 'report');
    await told(/2 received = .* in flight \+ 1 test lead/);
  });

  /** A rep takes it, as by the button on the board. */
  async function ledgerOf(id: string) {
    const message = ['leads-growth', 'leads-enterprise']
      .flatMap((channel) => rep.messages(channel).map(({ ts }) => ({ channel, ts })))
      .find(({ channel, ts }) =>
        JSON.stringify(rep.messages(channel).find((each) => each.ts === ts)).includes(id),
      );
    if (message === undefined) throw new Error('no message shows the test lead');
    const shown = rep.messages(message.channel).find(({ ts }) => ts === message.ts);
    const value = new RegExp(`${id}\\.\\d+`).exec(JSON.stringify(shown))?.[0] ?? '';
    await rep.clickButton({ ...message, actionId: 'lead_accept', value });
    return vi.waitFor(async () => {
      const rows = await world.database.db.selectFrom('decisions').selectAll().execute();
      expect(rows).toHaveLength(1);
      return { ledger: { kind: 'recorded' } };
    }, WAIT);
  }

  it('is removed by its button', async () => {
    await admin.runCommand('/firstcall', 'test-lead');
    const { channel, ts } = await told(/^A test lead is there already/);
    await admin.clickButton({ channel, ts, actionId: 'test_lead_remove' });
    await told(/^Test lead L-\w{4} is removed; the board follows\.$/);
    // Its own message stays and says so; nothing offers to call it.
    await vi.waitFor(() => expect(boards()).not.toContain(`"value":"${leadId}.`), WAIT);
    expect(boards()).toContain('A 85 Sample person, test lead by Sample Admin');
  });

  it('ends by itself after an hour', async () => {
    await admin.runCommand('/firstcall', 'test-lead');
    await told(/^Test lead L-|^The test lead is received/);
    await world.scored();
    await sql`update leads set received_at = now() - interval '61 minutes' where source = 'test-lead'`.execute(
      world.database.db,
    );
    await vi.waitFor(async () => {
      const open = await world.database.db
        .selectFrom('leads')
        .select('closed_reason')
        .where('source', '=', 'test-lead')
        .where('state', '<>', 'closed')
        .execute();
      expect(open).toEqual([]);
    }, WAIT);
  });
});
