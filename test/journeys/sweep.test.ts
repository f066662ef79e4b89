import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProducer } from '../../src/jobs/producer.ts';
import { type Sweep, startSweep } from '../../src/jobs/sweep.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { createWorld, sampleLead, testLogger, type World } from '../support/world.ts';

const DAY_MS = 86_400_000;

describe('the sweep', () => {
  let world: World;
  let sweep: Sweep;
  let now = new Date();

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
  });
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
    // Due at a time that the worker's own clock has not reached.
    await world.database.db.updateTable('leads').set({ score_due_at: null }).execute();
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
