import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { AppError, type ErrorCode } from '../../platform/errors.ts';
import type { SlackFailure } from './lead-board.ts';

type FailureKind = SlackFailure['kind'];

/** Slack's codes by what they mean for us; any other code is a refusal of this very call. */
const KIND_BY_CODE: Readonly<Record<string, FailureKind>> = {
  ratelimited: 'rate-limited',
  rate_limited: 'rate-limited',
  channel_not_found: 'unreachable',
  not_in_channel: 'unreachable',
  is_archived: 'unreachable',
  user_not_found: 'unreachable',
  user_disabled: 'unreachable',
  users_not_found: 'unreachable',
  cannot_dm_bot: 'unreachable',
  restricted_action: 'unreachable',
  restricted_action_read_only_channel: 'unreachable',
  messages_tab_disabled: 'unreachable',
  invalid_auth: 'unauthorized',
  not_authed: 'unauthorized',
  token_expired: 'unauthorized',
  token_revoked: 'unauthorized',
  account_inactive: 'unauthorized',
  missing_scope: 'unauthorized',
  no_permission: 'unauthorized',
  org_login_required: 'unauthorized',
  ekm_access_denied: 'unauthorized',
  // Slack says that some of the work may have been done before these.
  internal_error: 'unknown',
  fatal_error: 'unknown',
  service_unavailable: 'unknown',
  request_timeout: 'unknown',
};

/** The connection was never made, so nothing was sent. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const CODE_BY_KIND: Readonly<Record<FailureKind, ErrorCode>> = {
  'rate-limited': 'slack_rate_limited',
  'not-sent': 'slack_unavailable',
  unknown: 'slack_unknown_result',
  unauthorized: 'slack_rejected',
  unreachable: 'slack_rejected',
  rejected: 'slack_rejected',
};

/** Anything that is not certain counts as unknown: an answer cut off half way throws a bare TypeError. */
export function classifySlackError(method: string, error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError) {
    return rateLimited(method, error.retryAfter * 1_000, error);
  }
  if (error instanceof WebAPIPlatformError) return platformFailure(method, error);
  if (error instanceof WebAPIHTTPError) {
    // A 4xx comes from something in between that did not let the request through.
    const kind = error.statusCode >= 500 || error.statusCode === 408 ? 'unknown' : 'not-sent';
    return failure(kind, method, `(http ${error.statusCode})`, error);
  }
  const code = connectionCode(error);
  if (code !== undefined && NOT_SENT.has(code))
    return failure('not-sent', method, `(${code})`, error);
  return failure('unknown', method, `(${code ?? 'connection lost or timed out'})`, error);
}

function platformFailure(method: string, error: WebAPIPlatformError): SlackFailure {
  const code = error.data.error;
  // The client puts a body that is not JSON here: some proxy's page, so nobody knows.
  if (!/^[a-z][a-z0-9_:]{2,80}$/i.test(code))
    return failure('unknown', method, '(not JSON)', error);
  const kind = KIND_BY_CODE[code] ?? 'rejected';
  return kind === 'rate-limited'
    ? rateLimited(method, 30_000, error)
    : failure(kind, method, code, error);
}

function rateLimited(method: string, retryAfterMs: number, cause: unknown): SlackFailure {
  const error = new AppError('slack_rate_limited', `${method} is rate limited`, {
    retryable: true,
    retryAfterMs,
    cause,
  });
  return { kind: 'rate-limited', retryAfterMs, error };
}

function failure(
  kind: Exclude<FailureKind, 'rate-limited'>,
  method: string,
  code: string,
  cause: unknown,
): SlackFailure {
  const error = new AppError(CODE_BY_KIND[kind], `${method}: ${code}`, {
    retryable: kind !== 'rejected',
    cause,
  });
  return { kind, code, error };
}

function connectionCode(error: unknown): string | undefined {
  for (let each: unknown = error; each instanceof Error; each = innerError(each)) {
    if ('code' in each && typeof each.code === 'string' && /^[A-Z_]+$/.test(each.code)) {
      return each.code;
    }
  }
  return undefined;
}

function innerError(error: Error): unknown {
  if ('original' in error) return error.original;
  return error instanceof AggregateError ? error.errors[0] : error.cause;
}
