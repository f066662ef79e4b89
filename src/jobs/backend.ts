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
import { AppError } from '../platform/errors.ts';
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
  close(): Promise<void>;
}
export interface LeadQueueWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: Job | undefined, error: Error) => void): unknown;
  /** `force` does not wait for the jobs that are running. */
  close(force?: boolean): Promise<void>;
}

/** Where BullMQ keeps its jobs: Redis when a URL is given, otherwise its own tables in our Postgres. */
export interface QueueBackend {
  readonly kind: 'redis' | 'postgres';
  createQueue(): LeadQueue;
  createWorker(processor: Processor, options: TunedWorkerOptions): LeadQueueWorker;
  close(): Promise<void>;
}

/**
 * A crashed worker's job waits for its lock to run out: short, since leads are waiting. A lock that ends early
 * is harmless, since a job that runs twice has one effect.
 */
const LOCK = { lockDuration: 5_000, stalledInterval: 2_500, maxStalledCount: 5 } as const;

const FIRST_CONNECTION_MS = 3_000;

export async function createQueueBackend(
  options: { redisUrl: string | undefined; databaseUrl: string },
  log: Logger,
): Promise<QueueBackend> {
  return options.redisUrl === undefined
    ? createPostgresQueueBackend(options.databaseUrl, log)
    : createRedisQueueBackend(options.redisUrl, log);
}

async function createRedisQueueBackend(url: string, log: Logger): Promise<QueueBackend> {
  const connections: Redis[] = [];
  function connect(settings: { maxRetriesPerRequest: number | null; enableOfflineQueue: boolean }) {
    const connection = new Redis(url, settings);
    connection.on('error', (error) => log.warn({ err: error }, 'redis connection failed'));
    connections.push(connection);
    return connection;
  }
  // A producer fails at once while Redis is away: the inbox has the lead already, the sweep queues it later.
  const producer = connect({ maxRetriesPerRequest: 1, enableOfflineQueue: false });
  await waitForFirstConnection(producer, log);
  return {
    kind: 'redis',
    createQueue: () => createRedisQueue(producer, log),
    createWorker(processor, tuned) {
      const connection = connect({ maxRetriesPerRequest: null, enableOfflineQueue: true });
      return new Worker(QUEUE_NAME, processor, { connection, ...LOCK, ...tuned });
    },
    async close() {
      for (const connection of connections) connection.disconnect();
    },
  };
}

/** Redis may come up after us, as in docker compose: then we go on without it, and the sweep catches up. */
async function waitForFirstConnection(connection: Redis, log: Logger): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  connection.once('ready', resolve);
  const timer = setTimeout(resolve, FIRST_CONNECTION_MS);
  await promise;
  clearTimeout(timer);
  if (connection.status !== 'ready')
    log.warn('Redis cannot be reached yet; leads wait in Postgres');
}

/**
 * BullMQ asks a connection for its version when a queue is made, and a queue whose first question failed never
 * works again. So a queue is made once the connection stands, and made anew when that question was lost.
 */
function createRedisQueue(connection: Redis, log: Logger): LeadQueue {
  let opened: Queue | undefined;

  async function ready(): Promise<Queue> {
    if (connection.status !== 'ready') {
      throw new AppError('queue_unavailable', 'Redis cannot be reached', { retryable: true });
    }
    opened ??= open();
    const queue = opened;
    try {
      await queue.waitUntilReady();
    } catch (error) {
      if (opened === queue) opened = undefined;
      throw error;
    }
    return queue;
  }

  function open(): Queue {
    const queue = new Queue(QUEUE_NAME, { connection, defaultJobOptions: JOB_OPTIONS });
    queue.on('error', (error) => log.warn({ err: error }, 'queue connection failed'));
    return queue;
  }

  return {
    addBulk: async (jobs) => (await ready()).addBulk(jobs),
    getJobCounts: async (...states) => (await ready()).getJobCounts(...states),
    async close() {
      await opened?.close();
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
      const queue = new Queue(
        QUEUE_NAME,
        { connection, defaultJobOptions: JOB_OPTIONS },
        createPostgresBackend,
      );
      queue.on('error', (error) => log.warn({ err: error }, 'queue connection failed'));
      return queue;
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
