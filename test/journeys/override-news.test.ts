import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { OverrideInput } from '../../src/decisions/ledger.ts';
import { createPostgresLedger } from '../../src/decisions/postgres-ledger.ts';
import { readOverrideNews } from '../../src/delivery/queries/override-news-query.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { createRulesets } from '../../src/records/rulesets.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';

const WAIT = { timeout: 15_000, interval: 50 };
/** 38 points of fit: C. */
const MIDDLING = { title: 'Engineering Manager', industry: 'Mining', message: null };

describe('rescoring beneath an override', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    for (const key of ['repOne', 'repTwo'] as const) await world.person(key).openHome();
  });
  afterAll(() => world.close());

  interface Overridden {
    id: string;
    email: string;
    shortId: string;
  }

  async function overridden(by: 'repOne' | 'repTwo', toTier: 'A' | 'B'): Promise<Overridden> {
    const sample = sampleLead(MIDDLING);
    await world.sendLead(sample);
    await world.scored();
    const lead = await world.database.db
      .selectFrom('leads')
      .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
      .select(['leads.id', 'leads.short_id', 'assessments.detail', 'assessments.tier'])
      .where('external_id', '=', String(sample.id))
      .executeTakeFirstOrThrow();
    expect(lead.tier).toBe('C');
    const { rulesetVersion, scoredAt } = lead.detail;
    const input: OverrideInput = {
      toTier,
      reasonCode: 'known_account',
      blamedRules: [],
      worked: 'no',
      note: null,
      shown: { rulesetVersion, scoredAt },
    };
    const result = await ledger().override(
      {
        leadId: lead.id,
        actor: world.slack.users[by].id,
        surface: 'board',
        idempotencyKey: lead.id,
        traceId: 'test',
      },
      input,
    );
    expect(result.kind).toBe('recorded');
    return { id: lead.id, email: String(sample.email), shortId: lead.short_id };
  }

  function ledger() {
    return createPostgresLedger({
      db: world.database.db,
      rulesets: createRulesets(world.database.db),
      clock: { now: () => new Date() },
      metrics: createMetrics(),
      writesBack: false,
      crmUrl: () => null,
      onScoreDue: () => undefined,
    });
  }

  async function did({ email }: Overridden, kind: string, times = 1): Promise<void> {
    for (let index = 0; index < times; index++) {
      const at = new Date(Date.now() - index * 1000).toISOString();
      const signal = { kind, email, occurred_at: at };
      await world.sendSignal(signal, { source: 'website' });
    }
    await world.scored();
  }

  async function told(by: 'repOne' | 'repTwo', { shortId }: Overridden): Promise<string[]> {
    const messages = await world.person(by).directMessages();
    return messages.map((message) => String(message.text)).filter((text) => text.includes(shortId));
  }

  async function notices({ id }: Overridden) {
    const { rows } = await world.database.db
      .selectFrom('outbox')
      .select(['key', 'payload'])
      .where('kind', '=', 'slack.notice')
      .execute()
      .then((all) => ({ rows: all.filter((row) => row.key.includes(id)) }));
    return rows;
  }

  it('tells the rep, privately and once, when the rules agree and when they move on', async () => {
    const lead = await overridden('repOne', 'B');
    await did(lead, 'demo_requested');
    const agrees = `You overrode ${lead.shortId} to B. The rules now say B too: Asked for a demo (+20).`;
    await vi.waitFor(async () => expect(await told('repOne', lead)).toEqual([agrees]), WAIT);

    // More of the same tier is no news.
    await did(lead, 'docs_viewed');
    await did(lead, 'webinar_attended');
    await did(lead, 'pricing_viewed', 3);
    const differs = `You overrode ${lead.shortId} to B. The rules now say A, before B: Viewed pricing 3 times in a month (+15).`;
    await vi.waitFor(
      async () => expect(await told('repOne', lead)).toEqual([agrees, differs]),
      WAIT,
    );
    expect(await told('repTwo', lead)).toEqual([]);
    expect(await notices(lead)).toHaveLength(2);
    const effective = await world.database.db
      .selectFrom('leads')
      .select('override_tier')
      .where('id', '=', lead.id)
      .executeTakeFirstOrThrow();
    expect(effective.override_tier).toBe('B');
    expect(world.slack.journal.violations).toEqual([]);
  });

  it('opens the why from the message', async () => {
    const rep = world.person('repOne');
    const message = (await rep.directMessages()).at(-1);
    const channel = await world.slack.interactions.directMessage(rep.user.id);
    await rep.clickButton({ channel, ts: String(message?.ts), actionId: 'lead_why' });
    await vi.waitFor(
      () => expect(JSON.stringify(rep.topView())).toContain('Asked for a demo'),
      WAIT,
    );
  });

  it('is silent when the rules come nearer without agreeing', async () => {
    const lead = await overridden('repOne', 'A');
    await did(lead, 'demo_requested');
    expect(await notices(lead)).toEqual([]);
  });

  it('tells nobody who undid it or left the workspace', async () => {
    const left = await overridden('repTwo', 'B');
    await world.database.db
      .updateTable('members')
      .set({ standing: 'deactivated' })
      .where('slack_user_id', '=', world.slack.users.repTwo.id)
      .execute();
    await did(left, 'demo_requested');
    expect(await notices(left)).toEqual([]);

    const undone = await overridden('repOne', 'B');
    const { id: decisionId } = await world.database.db
      .selectFrom('decisions')
      .select('id')
      .where('lead_id', '=', undone.id)
      .executeTakeFirstOrThrow();
    const actor = world.slack.users.repOne.id;
    const click = { actor, surface: 'board', idempotencyKey: 'undo', traceId: 'test' } as const;
    await ledger().undo({ ...click, decisionId });
    await did(undone, 'demo_requested');
    expect(await notices(undone)).toEqual([]);
  });

  it('says nothing that has become untrue before it could be sent', async () => {
    const lead = await overridden('repOne', 'B');
    await did(lead, 'demo_requested');
    const [notice] = await notices(lead);
    const { db } = world.database;
    const read = () => readOverrideNews(db, notice?.payload ?? {});
    expect(await read()).toMatchObject({ shortId: lead.shortId, toTier: 'B' });
    await did(lead, 'pricing_viewed', 3);
    expect(await read()).toBeNull();
  });
});
