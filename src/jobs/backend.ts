import { setTimeout as sleep } from 'node:timers/promises';
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
/** A Postgres that takes connections and says nothing, as a frozen one does, is not waited for without end. */
const CONNECT_LIMIT_MS = 10_000;
const CLOSE_AWAY_MS = 1_000;

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
    tellOutages(connection, log);
    connections.push(connection);
    return connection;
  }
  // A producer fails at once while Redis is away: the inbox has the lead already, the sweep queues it later.
  const producer = connect({ maxRetriesPerRequest: 1, enableOfflineQueue: false });
  await waitForFirstConnection(producer);
  return {
    kind: 'redis',
    createQueue: () => createRedisQueue(producer, log),
    createWorker(processor, tuned) {
      const connection = connect({ maxRetriesPerRequest: null, enableOfflineQueue: true });
      const worker = new Worker(QUEUE_NAME, processor, { connection, ...LOCK, ...tuned });
      return {
        on: worker.on.bind(worker),
        close: (force) => closeWorker(worker, connection, force),
      };
    },
    async close() {
      for (const connection of connections) connection.disconnect();
    },
  };
}

/** While Redis is away a worker waits for it before it closes, without end: its jobs are found again in Postgres. */
async function closeWorker(worker: Worker, connection: Redis, force = false): Promise<void> {
  if (connection.status === 'ready') return worker.close(force);
  const closed = worker.close(true).catch(() => undefined);
  connection.disconnect();
  await Promise.race([closed, sleep(CLOSE_AWAY_MS, undefined, { ref: false })]);
}

/** Redis may come up after us, as in docker compose: then we go on without it, and the sweep catches up. */
async function waitForFirstConnection(connection: Redis): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  connection.once('ready', resolve);
  const timer = setTimeout(resolve, FIRST_CONNECTION_MS);
  await promise;
  clearTimeout(timer);
}

/** One sentence for an outage, whatever number of tries it has, and one when it is over. */
function tellOutages(connection: Redis, log: Logger): void {
  let isAway = false;
  connection.on('error', (error) => {
    if (isAway) return;
    isAway = true;
    log.warn(`Redis cannot be reached: ${explainRedis(error)}; meanwhile leads wait in Postgres.`);
  });
  connection.on('ready', () => {
    if (isAway) log.info('Redis answers again');
    isAway = false;
  });
}

/** Holds nothing of the address, which may have a password. */
function explainRedis(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  if (/WRONGPASS|NOAUTH|invalid password|invalid username/i.test(error.message)) {
    return 'it refuses the user or the password in REDIS_URL; check both';
  }
  if (code === 'ENOTFOUND') return 'the host in REDIS_URL is not known; check its spelling';
  if (code === 'ECONNREFUSED') {
    return 'nothing listens at the host and port of REDIS_URL; check both, and that it runs';
  }
  if (code === 'ETIMEDOUT') return 'the host in REDIS_URL does not answer; check its firewall';
  return 'check REDIS_URL and that Redis is running';
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

/**
 * A connection that breaks between two queries of a transaction tells only whoever listens, and BullMQ listens to
 * idle ones alone: without a listener the loss would end this process. The next query reports it anyway.
 */
class QuietClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

async function createPostgresQueueBackend(url: string, log: Logger): Promise<QueueBackend> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    application_name: 'firstcall-queue',
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
  });
  pool.on('error', (error) => log.warn({ err: error }, 'queue database connection failed'));
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  await runMigrations(pool, SCHEMA);
  const connection = { connectionString: url, schema: SCHEMA, max: 6, Client: QuietClient };
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
