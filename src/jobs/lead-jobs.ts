import type { Kysely } from 'kysely';
import { recordEventFailure } from '../intake/settle-events.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Clock } from '../platform/clock.ts';
import { asAppError } from '../platform/errors.ts';
import type { Logger } from '../platform/logger.ts';
import type { Metrics } from '../platform/metrics.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { recordScoreFailure } from '../records/lead-state.ts';
import { createBatcher } from './batcher.ts';
import type { LeadJobHandlers } from './worker.ts';

export interface LeadJobsOptions {
  db: Kysely<Database>;
  pipeline: Pipeline;
  clock: Clock;
  metrics: Metrics;
  log: Logger;
}

/** Large enough that round trips and commits are shared, small enough that nobody waits for a batch. */
const BATCHES = { size: 50, parallel: 2 } as const;

/** Runs the pipeline for one job, together with others that are waiting. A failure is counted in Postgres: the fifth holds the lead, and is told. */
export function createLeadJobHandlers(options: LeadJobsOptions): LeadJobHandlers {
  const { db, pipeline, clock, metrics, log } = options;
  const receiveEvent = createBatcher({ ...BATCHES, run: pipeline.eventsReceived });
  const changeLead = createBatcher({ ...BATCHES, run: pipeline.leadsChanged });

  async function run(
    ids: { eventId: string } | { leadId: string },
    work: () => Promise<void>,
    recordFailure: () => Promise<boolean>,
  ): Promise<void> {
    const stopTimer = metrics.scoringSeconds.startTimer();
    try {
      await work();
      metrics.leadsProcessed.inc({ result: 'done' });
    } catch (error) {
      const held = await recordFailure();
      const result = held ? 'held' : 'failed';
      metrics.leadsProcessed.inc({ result });
      log.error({ ...ids, result, err: asAppError(error) }, 'lead could not be processed');
    } finally {
      stopTimer();
    }
  }

  return {
    processInbound: (eventId) =>
      run(
        { eventId },
        () => receiveEvent(eventId),
        () => inTransaction(db, (tx) => recordEventFailure(tx, eventId, clock.now())),
      ),
    scoreLead: (leadId) =>
      run(
        { leadId },
        () => changeLead(leadId),
        () => inTransaction(db, (tx) => recordScoreFailure(tx, leadId, clock.now())),
      ),
  };
}
