import { z } from 'zod';
import { salesforceId } from '../lead/salesforce-id.ts';
import { AppError } from '../platform/errors.ts';
import { CrmFieldMissing, type CrmWriteResult } from './crm.ts';

/** Hours of calls are used up: minutes of patience at least. */
const DAILY_LIMIT_WAIT_MS = 15 * 60_000;
/** Too many long requests at the same time: soon over. */
const CONCURRENT_LIMIT_WAIT_MS = 60_000;

/** In collections the key is `statusCode`, in single calls `errorCode`. */
const RecordError = z.object({
  statusCode: z.string().optional(),
  errorCode: z.string().optional(),
  message: z.string().default(''),
  fields: z.array(z.string()).nullish(),
  duplicateResult: z.unknown().optional(),
});
type RecordError = z.infer<typeof RecordError>;

const HttpApiError = z.object({ errorCode: z.string(), message: z.string() });

const MISSING_FIELD = new Set(['INVALID_FIELD', 'INVALID_FIELD_FOR_INSERT_UPDATE']);
const GONE = new Set(['ENTITY_IS_DELETED', 'DELETED_ENTITY']);
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** One record's errors in a collection. `externalIdField`: the field by which it was to be found. */
export function resultOfRecordErrors(errors: unknown, externalIdField: string): CrmWriteResult {
  const [first] = z.array(RecordError).catch([]).parse(errors);
  if (first === undefined) {
    return { kind: 'rejected', code: 'UNKNOWN', field: null, isMissingField: false };
  }
  const code = first.statusCode ?? first.errorCode ?? 'UNKNOWN';
  if (code === 'UNABLE_TO_LOCK_ROW') {
    return { kind: 'not-written', error: unavailable('The record is locked by somebody else') };
  }
  if (GONE.has(code)) return { kind: 'gone', why: 'deleted' };
  if (code === 'CANNOT_UPDATE_CONVERTED_LEAD') return { kind: 'gone', why: 'converted' };
  if (code === 'DUPLICATES_DETECTED' || code === 'DUPLICATE_VALUE') {
    return { kind: 'duplicate', crmIds: duplicateIds(first) };
  }
  if (code === 'NOT_FOUND') return notFound(first, externalIdField);
  const field = fieldOf(first);
  return { kind: 'rejected', code, field, isMissingField: MISSING_FIELD.has(code) };
}

/** Either the record (deleted for good) or the field by which it is looked for. */
function notFound(error: RecordError, externalIdField: string): CrmWriteResult {
  if (!/external id/i.test(error.message)) return { kind: 'gone', why: 'deleted' };
  return { kind: 'rejected', code: 'NOT_FOUND', field: externalIdField, isMissingField: true };
}

function fieldOf(error: RecordError): string | null {
  const named = /No such column '([\w.]+)'/.exec(error.message)?.[1];
  return named ?? error.fields?.[0] ?? null;
}

const Duplicates = z.object({
  matchResults: z.array(
    z.object({
      matchRecords: z.array(z.object({ record: z.object({ Id: z.string() }) })),
    }),
  ),
});

function duplicateIds(error: RecordError): string[] {
  const parsed = Duplicates.safeParse(error.duplicateResult);
  const matched = parsed.success
    ? parsed.data.matchResults.flatMap(({ matchRecords }) =>
        matchRecords.map(({ record }) => record.Id),
      )
    : [];
  // DUPLICATE_VALUE names the record in its sentence only.
  const named = /record with id: (\w{15,18})/.exec(error.message)?.[1];
  const ids = [...matched, ...(named === undefined ? [] : [named])].map(salesforceId);
  return [...new Set(ids.filter((id) => id !== null))];
}

/** A failure of a whole request, as what it means for each record of a write. */
export function resultOfFailedCall(error: unknown, externalIdField: string): CrmWriteResult {
  const known = appErrorOf(error);
  if (known !== undefined) return { kind: 'not-written', error: known };
  const http = HttpApiError.safeParse(error);
  if (!http.success) return resultOfLostCall(error);
  const { errorCode, message } = http.data;
  if (isServerTrouble(errorCode))
    return { kind: 'unknown', error: unknownOutcome(errorCode, error) };
  return resultOfRecordErrors([{ errorCode, message }], externalIdField);
}

function resultOfLostCall(error: unknown): CrmWriteResult {
  const code = connectionCode(error);
  return code !== undefined && NOT_SENT.has(code)
    ? { kind: 'not-written', error: unavailable(`Salesforce cannot be reached (${code})`, error) }
    : { kind: 'unknown', error: unknownOutcome(code ?? 'connection lost or timed out', error) };
}

/** For reads: whatever went wrong, nothing was changed by it. */
export function errorOfRead(error: unknown): AppError {
  const known = appErrorOf(error);
  if (known !== undefined) return known;
  const http = HttpApiError.safeParse(error);
  if (!http.success) return unavailable('Salesforce did not answer', error);
  const { errorCode, message } = http.data;
  const field = /No such column '([\w.]+)'/.exec(message)?.[1];
  if (MISSING_FIELD.has(errorCode) && field !== undefined) return new CrmFieldMissing(field, error);
  if (isServerTrouble(errorCode)) return unavailable(`Salesforce answers ${errorCode}`, error);
  return new AppError('crm_rejected', `Salesforce refuses to read: ${errorCode}`, {
    retryable: false,
    cause: error,
  });
}

/** Limits and logins mean the same for reads and writes: the request was not carried out. */
function appErrorOf(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  const http = HttpApiError.safeParse(error);
  if (!http.success) return undefined;
  const { errorCode, message } = http.data;
  if (errorCode === 'REQUEST_LIMIT_EXCEEDED') {
    const isConcurrent = /Concurrent/i.test(message);
    return new AppError('crm_rate_limited', 'The call limit of Salesforce is reached', {
      retryable: true,
      retryAfterMs: isConcurrent ? CONCURRENT_LIMIT_WAIT_MS : DAILY_LIMIT_WAIT_MS,
      cause: error,
    });
  }
  if (errorCode === 'API_DISABLED_FOR_ORG' || errorCode === 'API_CURRENTLY_DISABLED') {
    return new AppError('crm_unauthorized', `Salesforce refuses the API: ${errorCode}`, {
      retryable: true,
      retryAfterMs: 5 * 60_000,
      cause: error,
    });
  }
  return undefined;
}

function isServerTrouble(errorCode: string): boolean {
  return (
    /^ERROR_HTTP_(5\d\d|408|429)$/.test(errorCode) ||
    ['SERVER_UNAVAILABLE', 'UNKNOWN_EXCEPTION', 'QUERY_TIMEOUT'].includes(errorCode)
  );
}

function unknownOutcome(what: string, cause: unknown): AppError {
  return new AppError('crm_unavailable', `No telling whether Salesforce wrote it (${what})`, {
    retryable: true,
    cause,
  });
}

function unavailable(message: string, cause?: unknown): AppError {
  return new AppError('crm_unavailable', message, { retryable: true, cause });
}

function connectionCode(error: unknown): string | undefined {
  for (let each: unknown = error; each instanceof Error; each = innerError(each)) {
    if ('code' in each && typeof each.code === 'string') return each.code;
  }
  return undefined;
}

function innerError(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : error.cause;
}
