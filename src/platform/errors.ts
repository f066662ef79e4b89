/** Stable codes: they reach logs, metrics and people (as a reference), so renaming one is a change of contract. */
export const ERROR_CODES = [
  'config_invalid',
  'database_unavailable',
  'database_locked',
  'database_unsure',
  'migration_failed',
  'queue_unavailable',
  'slack_unavailable',
  'slack_rate_limited',
  'slack_rejected',
  'slack_unknown_result',
  'crm_unavailable',
  'crm_rate_limited',
  'crm_rejected',
  'crm_unauthorized',
  'rules_invalid',
  'unexpected',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface AppErrorOptions {
  /** True when the same call may succeed later without anybody changing anything. */
  retryable: boolean;
  cause?: unknown;
  /** Earliest sensible retry, in milliseconds from now, when the other side told us. */
  retryAfterMs?: number;
}

/** An unexpected failure. Expected outcomes (duplicate click, lead already taken) are values, not errors. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('unexpected', message, { retryable: true, cause: error });
}
