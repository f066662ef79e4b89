import { type Job, UnrecoverableError } from 'bullmq';
import type { Logger } from '../platform/logger.ts';
import type { LeadQueueWorker, QueueBackend } from './backend.ts';
import { JOB_PAYLOADS } from './payloads.ts';

export interface LeadJobHandlers {
  processInbound(eventId: string): Promise<void>;
  scoreLead(leadId: string): Promise<void>;
}

export interface LeadWorker {
  close(): Promise<void>;
}

/**
 * A worker on Postgres remembers a failed first connection for ever and asks again without a pause. So one
 * that fails this often is put away and another one started: its jobs are found again in Postgres.
 */
const STORM = { errors: 10, withinMs: 1_000, restMs: 1_000 } as const;

export function startLeadWorker(
  backend: QueueBackend,
  handlers: LeadJobHandlers,
  options: { concurrency: number },
  log: Logger,
): LeadWorker {
  let current: LeadQueueWorker | undefined;
  let restart: NodeJS.Timeout | undefined;

  function start(): void {
    const worker = backend.createWorker((job) => runJob(job, handlers, log), {
      concurrency: options.concurrency,
      autorun: true,
    });
    current = worker;
    let errors: number[] = [];
    worker.on('error', (error) => {
      if (worker !== current) return;
      // The connection itself tells of an outage, once.
      if (backend.kind === 'redis' && isNetworkError(error)) return;
      log.warn({ err: error }, 'worker connection failed');
      const now = performance.now();
      errors = [...errors.filter((at) => now - at < STORM.withinMs), now];
      if (backend.kind === 'postgres' && errors.length >= STORM.errors) replace(worker);
    });
    worker.on('failed', (job, error) =>
      log.error({ err: error, jobId: job?.id }, 'job failed; the sweep will try again'),
    );
  }

  function replace(worker: LeadQueueWorker): void {
    current = undefined;
    log.error('the worker cannot use its connection and is started again');
    worker.close(true).catch((error: unknown) => log.warn({ err: error }, 'worker did not close'));
    restart = setTimeout(start, STORM.restMs);
  }

  start();
  return {
    async close() {
      clearTimeout(restart);
      const worker = current;
      current = undefined;
      await worker?.close();
    },
  };
}

function isNetworkError(error: Error): boolean {
  return ('code' in error && String(error.code).startsWith('E')) || /closed/.test(error.message);
}

/** The payload is checked on both sides; an unknown name is left over from another version and dropped. */
export async function runJob(
  job: Pick<Job, 'name' | 'data' | 'id'>,
  handlers: LeadJobHandlers,
  log: Logger,
): Promise<void> {
  if (job.name === 'process-inbound') {
    const payload = JOB_PAYLOADS['process-inbound'].safeParse(job.data);
    if (!payload.success) throw new UnrecoverableError('process-inbound needs an event id');
    return handlers.processInbound(payload.data.eventId);
  }
  if (job.name === 'score-lead') {
    const payload = JOB_PAYLOADS['score-lead'].safeParse(job.data);
    if (!payload.success) throw new UnrecoverableError('score-lead needs a lead id');
    return handlers.scoreLead(payload.data.leadId);
  }
  log.warn({ jobName: job.name, jobId: job.id }, 'unknown job dropped');
}
