import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DecisionContext, Ledger } from '../../src/decisions/ledger.ts';
import { createPostgresLedger } from '../../src/decisions/postgres-ledger.ts';
import { createProducer } from '../../src/jobs/producer.ts';
import { type Sweep, startSweep } from '../../src/jobs/sweep.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { createWorld, sampleLead, testLogger, type World } from '../support/world.ts';

const DAY_MS = 86_400_000;

describe('the sweep', () => {
  let world: World;
  let sweep: Sweep;
  let ledger: Ledger;
  let now = new Date();
  let count = 0;

  beforeAll(async () => {
    world = await createWorld();
    const log = testLogger();
    sweep = startSweep({
      db: world.database.db,
      rulesets: world.app.parts.rulesets,
      producer: createProducer(world.app.parts.backend, log),
      clock: { now: () => now },
      metrics: createMetrics(),
      log,
      intervalMs: 3_600_000,
    });
    ledger = createPostgresLedger({
      db: world.database.db,
      rulesets: world.app.parts.rulesets,
      clock: { now: () => now },
      metrics: createMetrics(),
      writesBack: false,
      crmUrl: () => null,
      onScoreDue: () => undefined,
    });
  });
  beforeEach(() => {
    now = new Date();
  });
  // Due at a time that the worker's own clock has not reached.
  afterEach(() => world.database.db.updateTable('leads').set({ score_due_at: null }).execute());
  afterAll(async () => {
    await sweep.stop();
    await world.close();
  });

  async function receive(): Promise<string> {
    await world.sendLead(sampleLead());
    await world.scored();
    const { id } = await world.database.db
      .selectFrom('leads')
      .select('id')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    return id;
  }

  async function stateOf(id: string): Promise<string> {
    const lead = await world.database.db
      .selectFrom('leads')
      .select('state')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return lead.state;
  }

  it('opens a snoozed lead when its time has come, and not before', async () => {
    const id = await receive();
    const until = new Date(now.getTime() + DAY_MS);
    await world.database.db
      .updateTable('leads')
      .set({ state: 'snoozed', snoozed_until: until })
      .where('id', '=', id)
      .execute();

    await sweep.once();
    expect(await stateOf(id)).toBe('snoozed');

    now = until;
    await sweep.once();
    expect(await stateOf(id)).toBe('open');
  });

  it('closes an open lead that nobody took and nobody asked for again', async () => {
    const [old, asked] = [await receive(), await receive()];
    now = new Date(Date.now() + 15 * DAY_MS);
    await world.database.db
      .insertInto('lead_touches')
      .values({
        lead_id: asked,
        inbound_event_id: await anEvent(),
        source: 'website',
        lead_source: null,
        campaign: null,
        changed_fields: [],
        occurred_at: now,
        received_at: now,
      })
      .execute();

    await sweep.once();

    expect(await stateOf(old)).toBe('closed');
    expect(await stateOf(asked)).toBe('open');
  });

  describe('counts from when the lead was last opened or decided on, not from when it came', () => {
    const wait = (days: number) => {
      now = new Date(Date.now() + days * DAY_MS);
    };
    const by = (leadId: string): DecisionContext => {
      count += 1;
      const { id: actor } = world.slack.users.repOne;
      return { leadId, actor, surface: 'board', idempotencyKey: `sweep-${count}`, traceId: 'test' };
    };
    const hold = (id: string) =>
      world.database.db
        .updateTable('leads')
        .set({ state: 'held', held_reason: 'disqualified', held_detail: 'student' })
        .where('id', '=', id)
        .execute();

    it.each<[string, (id: string) => Promise<unknown>, (id: string) => Promise<unknown>]>([
      [
        'by the clock',
        (id) => ledger.snooze(by(id), new Date(now.getTime() + 15 * DAY_MS)),
        () => sweep.once(),
      ],
      ['by a release', hold, (id) => ledger.release(by(id))],
      [
        'by a stop that matches no more',
        hold,
        (id) =>
          world.database.db
            .updateTable('leads')
            .set({ state: 'open', held_reason: null, held_detail: null, updated_at: now })
            .where('id', '=', id)
            .execute(),
      ],
      [
        'by whom it was not for',
        (id) => ledger.accept(by(id)),
        (id) => ledger.reassign(by(id), null),
      ],
    ])('opened %s', async (_name, away, open) => {
      const id = await receive();
      await away(id);
      wait(16);
      await open(id);

      await sweep.once();
      expect(await stateOf(id)).toBe('open');
      wait(16 + 13);
      await sweep.once();
      expect(await stateOf(id)).toBe('open');
      wait(16 + 15);
      await sweep.once();
      expect(await stateOf(id)).toBe('closed');
    });

    it('given to somebody else while it was open', async () => {
      const id = await receive();
      wait(13);
      await ledger.reassign(by(id), world.slack.users.repTwo.id);

      wait(16);
      await sweep.once();
      expect(await stateOf(id)).toBe('open');
    });

    it('shown interest again', async () => {
      const lead = sampleLead();
      await world.sendLead(lead);
      await world.scored();
      await world.sendSignal({ kind: 'pricing_viewed', email: lead.email }, { source: 'website' });
      await world.scored();
      const late = new Date(now.getTime() + 13 * DAY_MS);
      const { rows } = await sql<{ id: string }>`
        update signals set received_at = ${late} where lead_id is not null returning lead_id as id
      `.execute(world.database.db);
      const id = rows[0]?.id ?? '';

      wait(16);
      await sweep.once();
      expect(await stateOf(id)).toBe('open');
    });
  });

  async function anEvent(): Promise<string> {
    const { id } = await world.database.db
      .insertInto('inbound_events')
      .values({
        kind: 'lead',
        source: 'website',
        dedupe_key: 'asked-again',
        raw_body: '{}',
        trace_id: 'test',
        received_at: now,
        state: 'processed',
        held_reason: null,
        held_detail: null,
        result: 'merged',
        lead_id: null,
        processed_at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  }
});
