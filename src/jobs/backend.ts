import {
  createPostgresBackend,
  type Job,
  type Processor,
  Queue,
  runMigrations,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Logger } from '../platform/logger.ts';

export const QUEUE_NAME = 'leads';
const SCHEMA = 'bullmq';

/** Finished jobs are removed at once: Postgres is the record, and a freed id may be queued again. */
const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

type TunedWorkerOptions = Pick<WorkerOptions, 'concurrency' | 'autorun'>;

/** What we use of a BullMQ queue and worker; the same on both backends. */
export interface LeadQueue {
  addBulk(jobs: { name: string; data: object; opts: { jobId: string } }[]): Promise<unknown>;
  getJobCounts(
    ...states: ('waiting' | 'active' | 'delayed' | 'prioritized')[]
  ): Promise<Record<string, number>>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}
export interface LeadQueueWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: Job | undefined, error: Error) => void): unknown;
  close(): Promise<void>;
}

/** Where BullMQ keeps its jobs: Redis when a URL is given, otherwise its own tables in our Postgres. */
export interface QueueBackend {
  readonly kind: 'redis' | 'postgres';
  createQueue(): LeadQueue;
  createWorker(processor: Processor, options: TunedWorkerOptions): LeadQueueWorker;
  close(): Promise<void>;
}

/** A crashed worker's job waits for its lock to run out: short, since leads are waiting. */
const LOCK = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 5 } as const;

export async function createQueueBackend(
  options: { redisUrl: string | undefined; databaseUrl: string },
  log: Logger,
): Promise<QueueBackend> {
  return options.redisUrl === undefined
    ? createPostgresQueueBackend(options.databaseUrl, log)
    : createRedisQueueBackend(options.redisUrl, log);
}

function createRedisQueueBackend(url: string, log: Logger): QueueBackend {
  const connections: Redis[] = [];
  function connect(settings: { maxRetriesPerRequest: number | null; enableOfflineQueue: boolean }) {
    const connection = new Redis(url, settings);
    connection.on('error', (error) => log.warn({ err: error }, 'redis connection failed'));
    connections.push(connection);
    return connection;
  }
  return {
    kind: 'redis',
    createQueue() {
      // A producer in a request fails fast: the inbox has the lead already, the sweep queues it later.
      const connection = connect({ maxRetriesPerRequest: 1, enableOfflineQueue: false });
      return new Queue(QUEUE_NAME, {
        connection,
        defaultJobOptions: JOB_OPTIONS,
        skipWaitingForReady: true,
      });
    },
    createWorker(processor, tuned) {
      const connection = connect({ maxRetriesPerRequest: null, enableOfflineQueue: true });
      return new Worker(QUEUE_NAME, processor, { connection, ...LOCK, ...tuned });
    },
    async close() {
      for (const connection of connections) connection.disconnect();
    },
  };
}

async function createPostgresQueueBackend(url: string, log: Logger): Promise<QueueBackend> {
  const pool = new pg.Pool({ connectionString: url, max: 10, application_name: 'firstcall-queue' });
  pool.on('error', (error) => log.warn({ err: error }, 'queue database connection failed'));
  await runMigrations(pool, SCHEMA);
  const connection = { connectionString: url, schema: SCHEMA, max: 6 };
  return {
    kind: 'postgres',
    createQueue() {
      return new Queue(
        QUEUE_NAME,
        { connection, defaultJobOptions: JOB_OPTIONS },
        createPostgresBackend,
      );
    },
    createWorker(processor, tuned) {
      return new Worker(
        QUEUE_NAME,
        processor,
        { connection, ...LOCK, ...tuned },
        createPostgresBackend,
      );
    },
    async close() {
      await pool.end();
    },
  };
}
