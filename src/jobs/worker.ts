import { type Job, UnrecoverableError } from 'bullmq';
import type { Logger } from '../platform/logger.ts';
import type { QueueBackend } from './backend.ts';
import { JOB_PAYLOADS } from './payloads.ts';

export interface LeadJobHandlers {
  processInbound(eventId: string): Promise<void>;
  scoreLead(leadId: string): Promise<void>;
}

export interface LeadWorker {
  close(): Promise<void>;
}

export function startLeadWorker(
  backend: QueueBackend,
  handlers: LeadJobHandlers,
  options: { concurrency: number },
  log: Logger,
): LeadWorker {
  const worker = backend.createWorker((job) => runJob(job, handlers, log), {
    concurrency: options.concurrency,
    autorun: true,
  });
  worker.on('error', (error) => log.warn({ err: error }, 'worker connection failed'));
  worker.on('failed', (job, error) =>
    log.error({ err: error, jobId: job?.id }, 'job failed; the sweep will try again'),
  );
  return { close: () => worker.close() };
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
