import { createPublicKey, createVerify, randomUUID } from 'node:crypto';
import type { Clock } from '../../src/platform/clock.ts';
import { type JsonRecord, parseJson, recordOf } from '../doubles/json.ts';

export interface ConnectedApp {
  clientId: string;
  clientSecret: string;
  /** PEM; when set, a JWT must be signed by its private key. */
  publicKey?: string;
}

export interface TokenAnswer {
  status: number;
  body: JsonRecord;
}

export interface TokenStore {
  grant(form: URLSearchParams, instanceUrl: string): TokenAnswer;
  /** The user of a valid token, undefined for any other. */
  userOf(token: string | undefined): string | undefined;
  /** Every token issued so far stops working. */
  expireAll(): void;
  issued(): number;
}

export interface TokenOptions {
  app: ConnectedApp;
  organizationId: string;
  clock: Clock;
  /** Milliseconds; two hours by default. */
  lifetimeMs: number;
  /** Refresh tokens are single use, as Salesforce has begun to enforce. */
  rotation: boolean;
  integrationUserId: string;
  /** The user id for a username, when that user may log in. */
  findUser(username: string): string | undefined;
}

const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export function createTokenStore(options: TokenOptions): TokenStore {
  const tokens = new Map<string, { userId: string; expiresAt: number }>();
  const refreshTokens = new Map<string, string>();
  let count = 0;

  function issue(userId: string, instanceUrl: string, withRefresh: boolean): TokenAnswer {
    count += 1;
    const token = `${options.organizationId.slice(0, 15)}!sample.${count}.${randomUUID()}`;
    const now = options.clock.now().getTime();
    tokens.set(token, { userId, expiresAt: now + options.lifetimeMs });
    const refresh = withRefresh ? `sample-refresh-${randomUUID()}` : undefined;
    if (refresh !== undefined) refreshTokens.set(refresh, userId);
    return {
      status: 200,
      body: {
        access_token: token,
        instance_url: instanceUrl,
        id: `${instanceUrl}/id/${options.organizationId}/${userId}`,
        token_type: 'Bearer',
        issued_at: String(now),
        scope: 'api refresh_token',
        ...(refresh === undefined ? {} : { refresh_token: refresh }),
      },
    };
  }

  function refresh(form: URLSearchParams, instanceUrl: string): TokenAnswer {
    const token = form.get('refresh_token') ?? '';
    const userId = refreshTokens.get(token);
    if (userId === undefined) return refusal(400, 'invalid_grant', 'expired access/refresh token');
    if (options.rotation) refreshTokens.delete(token);
    return issue(userId, instanceUrl, options.rotation);
  }

  return {
    grant(form, instanceUrl) {
      switch (form.get('grant_type')) {
        case 'client_credentials':
          return (
            checkClient(form, options.app) ?? issue(options.integrationUserId, instanceUrl, false)
          );
        case 'password':
          return (
            checkClient(form, options.app) ??
            issue(options.findUser(form.get('username') ?? '') ?? '', instanceUrl, true)
          );
        case 'refresh_token':
          return checkClient(form, options.app) ?? refresh(form, instanceUrl);
        case JWT_GRANT: {
          const checked = checkAssertion(form.get('assertion') ?? '', instanceUrl, options);
          return typeof checked === 'string' ? issue(checked, instanceUrl, false) : checked;
        }
        default:
          return refusal(400, 'unsupported_grant_type', 'grant type not supported');
      }
    },
    userOf(token) {
      const entry = tokens.get(token ?? '');
      const isLive = entry !== undefined && entry.expiresAt > options.clock.now().getTime();
      return isLive ? entry.userId : undefined;
    },
    expireAll: () => tokens.clear(),
    issued: () => count,
  };
}

function refusal(status: number, error: string, description: string): TokenAnswer {
  return { status, body: { error, error_description: description } };
}

function checkClient(form: URLSearchParams, app: ConnectedApp): TokenAnswer | undefined {
  if (form.get('client_id') !== app.clientId) {
    return refusal(400, 'invalid_client_id', 'client identifier invalid');
  }
  return form.get('client_secret') === app.clientSecret
    ? undefined
    : refusal(401, 'invalid_client', 'invalid client credentials');
}

const LOGIN_AUDIENCES = ['https://login.salesforce.com', 'https://test.salesforce.com'];
const MAX_AHEAD_SECONDS = 300;

/** The user of a good assertion, or the refusal. */
function checkAssertion(
  assertion: string,
  instanceUrl: string,
  { app, clock, findUser }: TokenOptions,
): string | TokenAnswer {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const claims = recordOf(parseJson(Buffer.from(payload, 'base64url').toString()));
  const now = clock.now().getTime() / 1_000;
  const expiry = Number(claims.exp);
  if (claims.iss !== app.clientId) {
    return refusal(400, 'invalid_client_id', 'client identifier invalid');
  }
  if (![...LOGIN_AUDIENCES, instanceUrl].includes(String(claims.aud).replace(/\/$/, ''))) {
    return refusal(400, 'invalid_grant', 'audience is invalid');
  }
  if (!(expiry > now)) return refusal(400, 'invalid_grant', 'expired authorization code');
  if (expiry > now + MAX_AHEAD_SECONDS) {
    return refusal(400, 'invalid_grant', 'assertion expires too far ahead');
  }
  if (app.publicKey !== undefined) {
    const verifier = createVerify('RSA-SHA256').update(`${header}.${payload}`);
    const key = createPublicKey(app.publicKey);
    if (!verifier.verify(key, Buffer.from(signature, 'base64url'))) {
      return refusal(400, 'invalid_grant', 'invalid assertion');
    }
  }
  const userId = findUser(String(claims.sub));
  return userId ?? refusal(400, 'invalid_grant', "user hasn't approved this consumer");
}
