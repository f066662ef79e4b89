import { sign } from 'node:crypto';
import { Connection } from 'jsforce';
import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import type { SalesforceAuth } from '../platform/config.ts';
import { AppError } from '../platform/errors.ts';
import { readRsaKey } from '../platform/rsa-key.ts';
import { BoundedTransport } from './salesforce-transport.ts';

export interface SalesforceSessionOptions {
  loginUrl: string;
  /** "65.0": without one jsforce speaks version 50. */
  apiVersion: string;
  auth: SalesforceAuth;
  clock: Clock;
  timeoutMs: number;
}

/** A login that renews itself: one login at a time, and none in a loop. */
export interface SalesforceSession {
  /**
   * Runs `work` on a logged-in connection, once more with a new login when Salesforce says that the
   * session has ended. Throws AppError `crm_unauthorized` or `crm_unavailable` for the login itself.
   */
  run<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
}

/** A token this young that is refused means that logging in again changes nothing. */
const LOGIN_EVERY_MS = 60_000;
const ASSERTION_SECONDS = 180;

const Token = z.object({ access_token: z.string().min(1), instance_url: z.url() });
const Refusal = z.object({ error: z.string(), error_description: z.string().default('') });

export function createSalesforceSession(options: SalesforceSessionOptions): SalesforceSession {
  let current: Connection | undefined;
  let pending: Promise<Connection> | undefined;
  let lastLoginAt = Number.NEGATIVE_INFINITY;
  let lastFailure: AppError | undefined;

  async function login(): Promise<Connection> {
    const sinceLast = options.clock.now().getTime() - lastLoginAt;
    if (sinceLast < LOGIN_EVERY_MS) {
      throw lastFailure ?? refused('the session that was just opened is refused');
    }
    try {
      const token = await requestToken(options);
      lastLoginAt = options.clock.now().getTime();
      lastFailure = undefined;
      current = connect(options, token);
      return current;
    } catch (error) {
      // A server that is down may be asked again at once; one that said no may not.
      if (error instanceof AppError && error.code === 'crm_unauthorized') {
        lastLoginAt = options.clock.now().getTime();
        lastFailure = error;
      }
      throw error;
    }
  }

  async function connection(stale: Connection | undefined): Promise<Connection> {
    if (current !== undefined && current !== stale) return current;
    pending ??= login().finally(() => {
      pending = undefined;
    });
    return pending;
  }

  return {
    async run(work) {
      const first = await connection(undefined);
      try {
        return await work(first);
      } catch (error) {
        if (!isSessionEnded(error)) throw error;
        return work(await connection(first)).catch((again: unknown) => {
          throw isSessionEnded(again) ? refused('a new session is refused', again) : again;
        });
      }
    },
  };
}

/** No OAuth client on the connection: jsforce would renew the session by itself, without end when it is refused. */
function connect(options: SalesforceSessionOptions, token: z.infer<typeof Token>): Connection {
  const connection = new Connection({
    version: options.apiVersion,
    instanceUrl: token.instance_url,
    accessToken: token.access_token,
    callOptions: { client: 'FirstCall' },
  });
  connection._transport = new BoundedTransport(options.timeoutMs);
  return connection;
}

function isSessionEnded(error: unknown): boolean {
  if (!(error instanceof Error) || !('errorCode' in error)) return false;
  return error.errorCode === 'INVALID_SESSION_ID' || error.errorCode === 'ERROR_HTTP_401';
}

async function requestToken(options: SalesforceSessionOptions): Promise<z.infer<typeof Token>> {
  const url = new URL('/services/oauth2/token', options.loginUrl);
  const grant = grantOf(options);
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, {
      method: 'POST',
      body: grant,
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    body = await response.json();
  } catch (cause) {
    throw unavailable('The Salesforce login cannot be reached', cause);
  }
  if (response.status >= 500 || response.status === 429) {
    throw unavailable(`The Salesforce login answers ${response.status}`);
  }
  if (!response.ok) {
    const refusal = Refusal.safeParse(body);
    throw refused(refusal.success ? refusal.data.error : `status ${response.status}`);
  }
  const token = Token.safeParse(body);
  if (!token.success) throw refused('the answer holds no token');
  return token.data;
}

function grantOf({ auth, loginUrl, clock }: SalesforceSessionOptions): URLSearchParams {
  if (auth.kind === 'client-credentials') {
    return new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: auth.clientId,
      client_secret: auth.clientSecret,
    });
  }
  const key = readRsaKey(auth.privateKey);
  if (key === null) throw refused('the private key cannot be read');
  const claims = {
    iss: auth.clientId,
    sub: auth.username,
    aud: loginUrl.replace(/\/$/, ''),
    exp: Math.floor(clock.now().getTime() / 1_000) + ASSERTION_SECONDS,
  };
  const unsigned = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('RSA-SHA256', Buffer.from(unsigned), key).toString('base64url');
  return new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: `${unsigned}.${signature}`,
  });
}

function refused(why: string, cause?: unknown): AppError {
  return new AppError('crm_unauthorized', `Salesforce refuses our login: ${why}`, {
    retryable: true,
    retryAfterMs: 5 * 60_000,
    cause,
  });
}

function unavailable(message: string, cause?: unknown): AppError {
  return new AppError('crm_unavailable', message, { retryable: true, cause });
}
