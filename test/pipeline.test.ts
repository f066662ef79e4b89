import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readWhy } from '../src/delivery/queries/why-query.ts';
import { recordText } from '../src/intake/inbound-record.ts';
import { loadMailDomains } from '../src/intake/load-mail-domains.ts';
import { createPostgresInbox } from '../src/intake/postgres-inbox.ts';
import { shortId } from '../src/lead/short-id.ts';
import { createPipeline, type Pipeline } from '../src/pipeline.ts';
import { systemClock } from '../src/platform/clock.ts';
import { createRepLoads } from '../src/records/rep-loads.ts';
import { readRulesFolder } from '../src/records/rules-folder.ts';
import { createRulesets, seedRulesets } from '../src/records/rulesets.ts';
import { contrastAssessments } from '../src/scoring/contrast-assessments.ts';
import { eventually } from './support/eventually.ts';
import { createTestDatabase, type TestDatabase } from './support/postgres.ts';
import { sampleLead, testLogger } from './support/world.ts';

/* What many events in one commit come to is what they would have come to one by one. */

let database: TestDatabase;
let pipeline: Pipeline;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedRulesets(database.db, await readRulesFolder('scoring-rules'), new Date());
});
afterAll(() => database.drop());
beforeEach(() => {
  const { db } = database;
  pipeline = createPipeline({
    db,
    clock: systemClock,
    log: testLogger(),
    rulesets: createRulesets(db),
    mailDomains: loadMailDomains(),
    pepper: 'pepper',
    newShortId: () => shortId(randomBytes(8)),
    loads: createRepLoads(db, systemClock),
    writesBack: true,
  });
});

async function store(kind: 'lead' | 'signal', data: object): Promise<string> {
  const rawBody = recordText({ format: 'json', type: null, timestamp: null, data });
  const event = { kind, source: 'website', dedupeKey: randomUUID(), traceId: 'trace', rawBody };
  const [stored] = await createPostgresInbox(database.db).store([
    { ...event, receivedAt: new Date() },
  ]);
  return stored?.id ?? '';
}

async function resultsOf(eventIds: string[]) {
  const rows = await database.db
    .selectFrom('inbound_events')
    .leftJoin('leads', 'leads.id', 'inbound_events.lead_id')
    .select(['inbound_events.id', 'inbound_events.result', 'inbound_events.lead_id'])
    .select(['leads.score_due_at', 'leads.assessment_id', 'leads.assignment_id'])
    .where('inbound_events.id', 'in', eventIds)
    .execute();
  return eventIds.map((id) => rows.find((row) => row.id === id));
}

describe('many events in one commit', () => {
  test('each lead is scored, routed and owed to Slack and the CRM', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, () => store('lead', sampleLead())));
    await pipeline.eventsReceived(ids);

    const results = await resultsOf(ids);
    expect(new Set(results.map((row) => row?.lead_id)).size).toBe(30);
    for (const row of results) {
      expect(row).toMatchObject({ result: 'created', score_due_at: null });
      expect(row?.assessment_id).not.toBeNull();
      expect(row?.assignment_id).not.toBeNull();
    }
    const keys = await database.db.selectFrom('outbox').select('key').execute();
    for (const row of results) {
      expect(keys).toContainEqual({ key: `hot:${row?.lead_id}` });
      expect(keys).toContainEqual({ key: `crm:${row?.lead_id}` });
    }
  });

  test('the same person three times is one lead with three touches, whatever tells them apart', async () => {
    const first = sampleLead();
    const ids = [
      await store('lead', first),
      await store('lead', { ...first, id: 'another-record', title: 'Chief Revenue Officer' }),
      await store('lead', { ...first, title: null, email: 'somebody.else@freight.example' }),
    ];
    await pipeline.eventsReceived(ids);

    const results = await resultsOf(ids);
    expect(results.map((row) => row?.result)).toEqual(['created', 'merged', 'merged']);
    expect(new Set(results.map((row) => row?.lead_id)).size).toBe(1);
    const lead = await database.db
      .selectFrom('leads')
      .select('profile')
      .where('id', '=', results[0]?.lead_id ?? '')
      .executeTakeFirstOrThrow();
    expect(lead.profile.title).toBe('Chief Revenue Officer');
  });

  test('of one body the later item of a person wins', async () => {
    const person = sampleLead();
    const leads = Array.from({ length: 12 }, (_, index) =>
      index === 2 || index === 10 ? { ...person, employees: 100 + index } : sampleLead(),
    );
    const events = leads.map((data, index) => ({
      ...{ kind: 'lead' as const, source: 'website', traceId: 'trace', receivedAt: new Date() },
      dedupeKey: `batch#${index}`,
      rawBody: recordText({ format: 'json', type: null, timestamp: null, data }),
    }));
    const stored = await createPostgresInbox(database.db).store(events);
    await pipeline.eventsReceived(stored.map(({ id }) => id));

    const [result] = await resultsOf(stored.slice(2, 3).map(({ id }) => id));
    const lead = await database.db
      .selectFrom('leads')
      .select('profile')
      .where('id', '=', result?.lead_id ?? '')
      .executeTakeFirstOrThrow();
    expect(lead.profile.employees).toBe(110);
  });

  test('who asks for news after a demo keeps the points, and the why says what changed', async () => {
    const first = sampleLead({ message: 'We would like a demo and pricing this quarter.' });
    await pipeline.eventsReceived([await store('lead', first)]);
    const news = { ...first, id: 'web-news', message: 'Any news?', title: 'Sales assistant' };
    const newsId = await store('lead', news);
    await pipeline.eventsReceived([newsId]);

    const [result] = await resultsOf([newsId]);
    const { db } = database;
    const leadId = result?.lead_id ?? '';
    const view = await readWhy({ db, rulesets: createRulesets(db), crmUrl: () => null }, leadId);
    expect(view?.lead.asked).toBe('Any news?');
    expect(view?.assessment.intentPoints).toBe(view?.previous?.intentPoints);
    expect(view?.assessment.intentPoints).toBeGreaterThan(0);
    const contrast = view?.previous && contrastAssessments(view.previous, view.assessment);
    expect(contrast?.changes).toEqual([{ points: -15, text: 'no longer: Decision maker: VP' }]);
  });

  describe('what a lead tells of its company', () => {
    const domain = () => `${randomBytes(4).toString('hex')}.example`;
    const at = (host: string, over: object = {}) =>
      sampleLead({ email: `${randomUUID()}@${host}`, employees: null, industry: null, ...over });
    const receive = async (lead: object) => {
      const id = await store('lead', lead);
      await pipeline.eventsReceived([id]);
      return (await resultsOf([id]))[0]?.lead_id ?? '';
    };
    const due = async (leadId: string) => {
      const row = await database.db
        .selectFrom('leads')
        .select('score_due_at')
        .where('id', '=', leadId)
        .executeTakeFirstOrThrow();
      return row.score_due_at !== null;
    };
    const sizeOf = async (leadId: string) => {
      const row = await database.db
        .selectFrom('leads')
        .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
        .select('assessments.features')
        .where('leads.id', '=', leadId)
        .executeTakeFirstOrThrow();
      return row.features.fields['company.employees'];
    };
    const setState = (leadId: string, state: 'accepted') =>
      database.db.updateTable('leads').set({ state }).where('id', '=', leadId).execute();

    test('scores its waiting colleagues again that do not say it themselves, and nobody else', async () => {
      const host = domain();
      const silent = await receive(at(host));
      const told = await receive(at(host, { employees: 90 }));
      expect([await due(silent), await due(told)]).toEqual([true, false]);
      await pipeline.leadsChanged([silent]);
      expect(await sizeOf(silent)).toBe(90);

      const taken = await receive(at(host));
      await setState(taken, 'accepted');
      const elsewhere = await receive(at(domain()));
      // The same again is no news.
      await receive(at(host, { employees: 90 }));
      expect(await due(silent)).toBe(false);
      await receive(at(host, { employees: 450 }));
      expect(await Promise.all([silent, told, taken, elsewhere].map(due))).toEqual([
        ...[true, false, false, false],
      ]);
      await pipeline.leadsChanged([silent]);
      expect(await sizeOf(silent)).toBe(450);
    });

    test('one that is being scored meanwhile is scored once more, and nobody waits for it', async () => {
      const host = domain();
      const silent = await receive(at(host));
      const event = await store('lead', at(host, { employees: 450 }));
      let arrived: Promise<void> = Promise.resolve();
      await database.db.transaction().execute(async (tx) => {
        await sql`select id from leads where id = ${silent} for update`.execute(tx);
        arrived = pipeline.eventsReceived([event]);
        await eventually(async () => {
          expect((await resultsOf([event]))[0]?.assessment_id).not.toBeNull();
        });
        expect(await due(silent)).toBe(false);
      });
      await arrived;
      expect(await due(silent)).toBe(true);
      await pipeline.leadsChanged([silent]);
      expect(await sizeOf(silent)).toBe(450);
    });
  });

  test('a signal finds its lead in the same commit, before or after it', async () => {
    const early = sampleLead();
    const late = sampleLead();
    const signal = (email: unknown) => ({
      kind: 'pricing_viewed',
      email,
      occurred_at: new Date().toISOString(),
    });
    const ids = [
      await store('signal', signal(early.email)),
      await store('lead', early),
      await store('lead', late),
      await store('signal', signal(late.email)),
    ];
    await pipeline.eventsReceived(ids);

    const [earlySignal, earlyLead, lateLead, lateSignal] = await resultsOf(ids);
    expect(earlySignal).toMatchObject({ result: 'attached', lead_id: earlyLead?.lead_id });
    expect(lateSignal).toMatchObject({ result: 'attached', lead_id: lateLead?.lead_id });
  });

  test('a signal that waits is attached when its lead comes, also at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const lead = sampleLead();
      const at = { occurred_at: new Date().toISOString() };
      const signalId = await store('signal', { kind: 'docs_viewed', email: lead.email, ...at });
      const leadId = await store('lead', lead);
      await Promise.all([pipeline.eventsReceived([signalId]), pipeline.eventsReceived([leadId])]);

      const [signal, admitted] = await resultsOf([signalId, leadId]);
      expect(signal).toMatchObject({ result: 'attached', lead_id: admitted?.lead_id });
    }
  });

  test('a signal finds its lead by any of its records at the source', async () => {
    const lead = sampleLead();
    const second = { ...lead, id: `${lead.id}-second` };
    await pipeline.eventsReceived([await store('lead', lead)]);
    const secondId = await store('lead', second);
    await pipeline.eventsReceived([secondId]);
    const signalId = await store('signal', { kind: 'docs_viewed', leadId: second.id });
    await pipeline.eventsReceived([signalId]);

    const [admitted, signal] = await resultsOf([secondId, signalId]);
    expect(admitted?.result).toBe('merged');
    expect(signal).toMatchObject({ result: 'attached', lead_id: admitted?.lead_id });
  });

  test('a signal that waits is attached by whichever of its names its lead has', async () => {
    const { email, ...lead } = sampleLead();
    const signalId = await store('signal', { kind: 'docs_viewed', leadId: lead.id, email });
    await pipeline.eventsReceived([signalId]);
    expect(await resultsOf([signalId])).toMatchObject([{ result: 'waiting' }]);
    const leadId = await store('lead', lead);
    await pipeline.eventsReceived([leadId]);

    const [signal, admitted] = await resultsOf([signalId, leadId]);
    expect(signal).toMatchObject({ result: 'attached', lead_id: admitted?.lead_id });
  });

  test('the same events twice at the same moment have one effect', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => store('lead', sampleLead())));
    await Promise.all([pipeline.eventsReceived(ids), pipeline.eventsReceived(ids.toReversed())]);

    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from assessments
      where lead_id in (select lead_id from inbound_events where id = any(${ids}::uuid[]))
    `.execute(database.db);
    expect(rows).toEqual([{ count: 10 }]);
  });

  test('crossing batches of the same people do not lock each other out', async () => {
    const people = Array.from({ length: 12 }, () => sampleLead({ company: 'Shared', email: null }));
    const shared = people.map((person, index) => ({
      ...person,
      email: `person.${index}@shared.example`,
    }));
    const batches = await Promise.all(
      [shared, shared.toReversed(), shared].map(async (leads, copy) =>
        Promise.all(leads.map((lead) => store('lead', { ...lead, id: `${copy}-${lead.email}` }))),
      ),
    );
    await Promise.all(batches.map((ids) => pipeline.eventsReceived(ids)));

    const results = await resultsOf(batches.flat());
    expect(new Set(results.map((row) => row?.lead_id)).size).toBe(12);
  });
});
