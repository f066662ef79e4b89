import type { Logger } from '../platform/logger.ts';
import type { LeadQueue } from './backend.ts';
import { jobIdOf, type LeadJob, payloadOf } from './payloads.ts';

export interface Producer {
  /** Queues soon and never fails the caller: what a queue loses, the sweep finds in Postgres. */
  enqueue(jobs: LeadJob[]): void;
  /** Queues now; rejects when the queue cannot be reached. */
  enqueueNow(jobs: LeadJob[]): Promise<void>;
  /** Jobs waiting, delayed or active. */
  depth(): Promise<number>;
  close(): Promise<void>;
}

/** Requests that arrive together are queued in one round trip. */
const BATCH_MS = 10;

export function createProducer(queue: LeadQueue, log: Logger): Producer {
  let waiting: LeadJob[] = [];
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();

  async function enqueueNow(jobs: LeadJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await queue.addBulk(
      jobs.map((job) => ({
        name: job.name,
        data: payloadOf(job),
        opts: { jobId: jobIdOf(job) },
      })),
    );
  }

  function flush(): void {
    timer = undefined;
    const jobs = waiting;
    waiting = [];
    flushing = flushing
      .then(() => enqueueNow(jobs))
      .catch((error: unknown) => {
        log.warn({ err: error, jobs: jobs.length }, 'jobs not queued; the sweep will queue them');
      });
  }

  return {
    enqueueNow,
    enqueue(jobs) {
      waiting.push(...jobs);
      timer ??= setTimeout(flush, BATCH_MS);
    },
    async depth() {
      const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    async close() {
      if (timer) {
        clearTimeout(timer);
        flush();
      }
      await flushing;
      await queue.close();
    },
  };
}
