import type { FastifyInstance } from 'fastify';
import { type Kysely, sql } from 'kysely';
import type { Metrics } from './metrics.ts';
import type { Database } from './postgres/tables.ts';

export interface HealthOptions {
  db: Kysely<Database>;
  metrics: Metrics;
  /** False while starting and draining. */
  accepting(): boolean;
}

const READY_WITHIN_MS = 2_000;

/** `/healthz`: the process lives. `/readyz`: it can take a lead now. `/metrics`: Prometheus text. */
export function registerHealthRoutes(http: FastifyInstance, options: HealthOptions): void {
  http.get('/healthz', () => ({ status: 'ok' }));

  http.get('/readyz', async (_request, reply) => {
    if (!options.accepting()) return reply.code(503).send({ status: 'draining' });
    const reachable = await databaseAnswers(options.db);
    return reply
      .code(reachable ? 200 : 503)
      .send({ status: reachable ? 'ready' : 'database unavailable' });
  });

  http.get('/metrics', async (_request, reply) => {
    await refreshGauges(options).catch(() => undefined);
    return reply
      .header('content-type', options.metrics.registry.contentType)
      .send(await options.metrics.registry.metrics());
  });
}

async function databaseAnswers(db: Kysely<Database>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, READY_WITHIN_MS, false);
  const answer = sql`select 1`
    .execute(db)
    .then(() => true)
    .catch(() => false);
  const answered = await Promise.race([answer, late]);
  clearTimeout(timer);
  return answered;
}

async function refreshGauges({ db, metrics }: HealthOptions): Promise<void> {
  const result = await sql<{
    slack: number;
    crm: number;
    broken: number;
    stopped: number;
    in_flight: number;
  }>`
    select
      (select count(*) from outbox where lane = 'slack' and state <> 'done')::int as slack,
      (select count(*) from outbox where lane = 'crm' and state <> 'done')::int as crm,
      (select count(*) from leads where state = 'held' and held_reason <> 'disqualified')::int
        + (select count(*) from inbound_events where state = 'held')::int as broken,
      (select count(*) from leads where state = 'held' and held_reason = 'disqualified')::int as stopped,
      (select count(*) from inbound_events where state = 'received')::int
        + (select count(*) from leads where score_due_at is not null)::int as in_flight
  `.execute(db);
  const row = result.rows[0];
  if (!row) return;
  metrics.outboxDue.set({ lane: 'slack' }, row.slack);
  metrics.outboxDue.set({ lane: 'crm' }, row.crm);
  metrics.heldLeads.set({ why: 'broken' }, row.broken);
  metrics.heldLeads.set({ why: 'stopped' }, row.stopped);
  metrics.inFlightLeads.set(row.in_flight);
}
