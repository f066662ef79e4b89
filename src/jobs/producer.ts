import type { Logger } from '../platform/logger.ts';
import type { LeadQueue, QueueBackend } from './backend.ts';
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

export function createProducer(
  backend: Pick<QueueBackend, 'kind' | 'createQueue'>,
  log: Logger,
): Producer {
  let waiting: LeadJob[] = [];
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();
  let queue: LeadQueue | undefined;

  /** A queue on Postgres remembers a failed first connection for ever: after an error the next call makes another. */
  async function use<T>(work: (queue: LeadQueue) => Promise<T>): Promise<T> {
    queue ??= backend.createQueue();
    const used = queue;
    try {
      return await work(used);
    } catch (error) {
      if (backend.kind === 'postgres' && queue === used) {
        queue = undefined;
        used.close().catch(() => undefined);
      }
      throw error;
    }
  }

  async function enqueueNow(jobs: LeadJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const entries = jobs.map((job) => ({
      name: job.name,
      data: payloadOf(job),
      opts: { jobId: jobIdOf(job) },
    }));
    await use((queue) => queue.addBulk(entries));
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
      const counts = await use((queue) =>
        queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized'),
      );
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    async close() {
      if (timer) {
        clearTimeout(timer);
        flush();
      }
      await flushing;
      await queue?.close();
    },
  };
}
