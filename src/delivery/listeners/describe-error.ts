import { AppError } from '../../platform/errors.ts';

/** What a log line may hold of an error: no driver details, which can quote a lead's values. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: 'not an Error' };
  const code = 'code' in error ? error.code : undefined;
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(error instanceof AppError && error.cause instanceof Error
      ? { cause: error.cause.message }
      : {}),
    stack: error.stack,
  };
}
