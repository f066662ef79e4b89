import { defineEmulator } from 'emulate';
import { parseJson } from '../doubles/json.ts';
import type { TokenStore } from './oauth.ts';
import { emptyState, type SalesforceState } from './record-store.ts';
import { API_ROUTES, type ApiContext, type ApiHandler, type ApiReply } from './salesforce-api.ts';
import { httpStatusOf, type SalesforceError, SalesforceFailure } from './salesforce-error.ts';

export interface ApiUsage {
  used: number;
  limit: number;
}

export interface DefinitionOptions extends ApiContext {
  tokens: TokenStore;
  usage: ApiUsage;
  instanceUrl(): string;
  /** Hands out the live state, for writes from inside. */
  onState(state: SalesforceState): void;
}

/** The request's number in the journal travels in this header from the server in front. */
export const REQUEST_SEQ_HEADER = 'x-sample-request';

const VERSIONS = ['58.0', '59.0', '60.0', '61.0', '62.0', '63.0', '64.0', '65.0'];

type Definition = ReturnType<typeof defineEmulator<SalesforceState>>;
type Setup = Parameters<Definition['setup']>[0];
type RouteContext = Parameters<Parameters<Setup['app']['get']>[1]>[0];

export function defineSalesforce(options: DefinitionOptions): Definition {
  return defineEmulator<SalesforceState>({
    name: 'salesforce',
    state: emptyState,
    cors: false,
    setup({ app, state }) {
      options.onState(state);
      app.post('/services/oauth2/token', async (c) => {
        const form = new URLSearchParams(await c.req.text());
        const { status, body } = options.tokens.grant(form, options.instanceUrl());
        return c.json(body, status);
      });
      app.get('/services/data', (c) =>
        c.json(
          VERSIONS.map((version) => ({
            label: `Release ${version}`,
            url: `/services/data/v${version}`,
            version,
          })),
        ),
      );
      for (const [method, path, handler] of API_ROUTES) {
        app.on(method, `/services/data/:version${path}`, (c) => answer(options, state, handler, c));
      }
      app.notFound((c) =>
        c.json([{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }], 404),
      );
    },
  });
}

async function answer(
  options: DefinitionOptions,
  state: SalesforceState,
  handler: ApiHandler,
  c: RouteContext,
): Promise<Response> {
  const { usage } = options;
  const bearer = c.req.header('authorization')?.replace(/^Bearer\s+/i, '');
  const userId = options.tokens.userOf(bearer);
  if (userId === undefined) {
    return refuse(c, { errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' });
  }
  usage.used += 1;
  const headers = { 'sforce-limit-info': `api-usage=${usage.used}/${usage.limit}` };
  if (usage.used > usage.limit) {
    const message = 'TotalRequests Limit exceeded.';
    return refuse(c, { errorCode: 'REQUEST_LIMIT_EXCEEDED', message }, headers);
  }
  const text = await c.req.text();
  const params = c.req.param();
  try {
    const reply = handler(options, {
      state,
      userId,
      requestSeq: Number(c.req.header(REQUEST_SEQ_HEADER) ?? 0),
      version: params.version ?? '',
      params,
      query: (name) => c.req.query(name),
      body: text === '' ? undefined : parseJson(text),
      allowDuplicates: /allowSave=true/i.test(c.req.header('sforce-duplicate-rule-header') ?? ''),
    });
    return send(c, reply, headers);
  } catch (error) {
    if (error instanceof SalesforceFailure) return refuse(c, error.error, headers);
    throw error;
  }
}

function send(c: RouteContext, reply: ApiReply, headers: Record<string, string>): Response {
  return reply.body === undefined
    ? c.body(null, reply.status, headers)
    : c.json(reply.body, reply.status, headers);
}

function refuse(
  c: RouteContext,
  error: SalesforceError,
  headers: Record<string, string> = {},
): Response {
  return c.json([error], httpStatusOf(error.errorCode), headers);
}
