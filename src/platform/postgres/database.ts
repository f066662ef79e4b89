import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { DatabaseError, Pool, types } from 'pg';
import type { Logger } from 'pino';
import { AppError } from '../errors.ts';
import type { Database } from './tables.ts';

export interface DatabaseOptions {
  /** Shown in pg_stat_activity. */
  applicationName: string;
  maxConnections: number;
  log: Pick<Logger, 'warn'>;
}

const CONNECT_LIMIT_MS = 10_000;
const TRANSACTION_ATTEMPTS = 4;
/** serialization_failure, deadlock_detected: PostgreSQL asks for the same transaction again. */
const RETRY_CODES = new Set(['40001', '40P01']);

/** Opens a pool; connections are made when needed. Close it with `destroy()`. */
export function openDatabase(url: string, options: DatabaseOptions): Kysely<Database> {
  const pool = new Pool({
    connectionString: url,
    application_name: options.applicationName,
    max: options.maxConnections,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    keepAlive: true,
    types: { getTypeParser },
  });
  // A restart of PostgreSQL breaks connections, idle ones and those between two queries of a transaction.
  // Without listeners either would end this process; whoever uses the connection gets the error anyway.
  pool.on('error', (error) => {
    options.log.warn({ err: error }, 'idle database connection lost');
  });
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

/**
 * Runs `work` in one transaction, again from the start when PostgreSQL chose it as the victim of a
 * deadlock or a serialization conflict: `work` must have no effect outside the database.
 *
 * Throws `database_unsure` when the answer to the commit was lost: it may have happened. Any other error
 * means that it did not.
 */
export async function inTransaction<T>(
  db: Kysely<Database>,
  work: (tx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    let isCommitting = false;
    try {
      return await db.transaction().execute(async (tx) => {
        const result = await work(tx);
        isCommitting = true;
        return result;
      });
    } catch (error) {
      if (isCommitting && !isRefusal(error)) throw unsure(error);
      if (attempt >= TRANSACTION_ATTEMPTS || !isConflict(error)) throw error;
    }
  }
}

/** True for the error of `inTransaction` that leaves open whether it happened. */
export function isUnsure(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'database_unsure';
}

/** PostgreSQL itself says that nothing was committed. A shutdown (class 57) can come after the commit. */
function isRefusal(error: unknown): boolean {
  if (error instanceof Error && error.name === 'AbortedTransactionError') return true;
  return error instanceof DatabaseError && !/^(57|08|XX)/.test(error.code ?? 'XX');
}

function unsure(cause: unknown): AppError {
  const message = 'The answer to a commit was lost: it may have happened.';
  return new AppError('database_unsure', message, { retryable: true, cause });
}

function isConflict(error: unknown): boolean {
  return error instanceof DatabaseError && RETRY_CODES.has(error.code ?? '');
}

type TypeParser = (value: string) => unknown;

const PARSERS = new Map<number, TypeParser>([
  [types.builtins.INT8, parseWhole],
  // Sums and averages: our columns hold no decimals that a double could not.
  [types.builtins.NUMERIC, Number],
  // A day is not an instant: as a Date it would move with the time zone of this machine.
  [types.builtins.DATE, (value) => value],
]);

function getTypeParser(oid: number, format?: 'text' | 'binary'): TypeParser {
  const ours = format === 'binary' ? undefined : PARSERS.get(oid);
  return ours ?? types.getTypeParser(oid, format ?? 'text');
}

function parseWhole(value: string): number {
  const whole = Number(value);
  if (!Number.isSafeInteger(whole)) throw new RangeError(`${value} is beyond exact numbers`);
  return whole;
}
