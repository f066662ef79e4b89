import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../src/platform/clock.ts';
import { type Fault, type Faults, waitMs } from '../doubles/faults.ts';
import { type JsonRecord, parseJson, recordOf, stringOf } from '../doubles/json.ts';
import { readBody, sendJson } from '../doubles/loopback-server.ts';
import type { SlackAnswer } from './emulator.ts';
import type { JournalWriter, SlackCall } from './journal.ts';
import type { RateLimiter } from './rate-limits.ts';
import type { ResponseUrls } from './response-urls.ts';
import { errorCodeFor, parseArguments, validateArguments, type WebApi } from './web-api.ts';

export interface ProxyContext {
  api: WebApi;
  responseUrls: ResponseUrls;
  journal: JournalWriter;
  faults: Faults;
  clock: Clock;
  /** Undefined when limits are off. */
  limiter(): RateLimiter | undefined;
  /** The error for this token, undefined when it is good. */
  refuseToken(token: string | undefined, method: string): string | undefined;
  /** Told with each answer, as Slack does. */
  scopes: readonly string[];
  resolveChannel(nameOrId: string): string;
}

interface Reply {
  httpStatus: number;
  body: JsonRecord;
  headers?: Record<string, string>;
}

/** Stands in front of the emulator: journal, faults, token, rate limits, Block Kit limits, then the call. */
export async function handleSlackRequest(
  context: ProxyContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://loopback').pathname;
  const body = await readBody(request);
  if (path.startsWith('/response/')) {
    const args = { ...recordOf(parseJson(body)), response_url: path };
    await serve(context, response, 'response_url', args, (call) =>
      answerResponseUrl(context, path.slice('/response/'.length), body, call),
    );
    return;
  }
  if (!path.startsWith('/api/')) {
    sendJson(response, 404, { ok: false, error: 'not_found' });
    return;
  }
  const method = path.slice('/api/'.length);
  const args = parseArguments(request.headers['content-type'] ?? '', body);
  const token = bearerOf(request) ?? stringOf(args.token);
  delete args.token;
  await serve(context, response, method, args, (call) => callApi(context, call, token));
}

async function serve(
  context: ProxyContext,
  response: ServerResponse,
  method: string,
  args: JsonRecord,
  work: (call: SlackCall) => Promise<Reply>,
): Promise<void> {
  const { journal, faults, clock } = context;
  const named = stringOf(args.channel);
  const channel = named === undefined ? undefined : context.resolveChannel(named);
  const startedAt = performance.now();
  const call = journal.start({ at: clock.now(), method, args, channel });
  const fault = faults.take(method, channel);
  call.fault = fault?.kind;
  const cut = (): void => {
    call.elapsedMs = performance.now() - startedAt;
    response.destroy();
  };
  if ((await faults.pass('before', method, channel)) === 'drop') return cut();
  const early = await failBefore(fault);
  if (early === 'drop') return cut();
  const reply = early ?? (await work(call));
  call.ok = reply.body.ok === true;
  call.error = call.ok ? undefined : (stringOf(reply.body.error) ?? `http_${reply.httpStatus}`);
  if ((await faults.pass('after-commit', method, channel)) === 'drop') return cut();
  const last = await failAfter(fault, reply);
  if (last === 'drop') return cut();
  call.httpStatus = last.httpStatus;
  call.answered = !response.destroyed;
  call.elapsedMs = performance.now() - startedAt;
  sendJson(response, last.httpStatus, last.body, {
    'x-slack-req-id': `sample-${call.seq}`,
    'x-oauth-scopes': context.scopes.join(','),
    ...last.headers,
  });
}

async function failBefore(fault: Fault | undefined): Promise<Reply | 'drop' | undefined> {
  switch (fault?.kind) {
    case 'rate-limited':
      return tooMany(fault.retryAfterSeconds);
    case 'http-error':
      return { httpStatus: fault.status, body: { ok: false, error: 'internal_error' } };
    case 'error':
      return { httpStatus: 200, body: { ok: false, error: fault.error } };
    case 'drop-before':
      return 'drop';
    case 'slow':
      await waitMs(fault.ms);
      return undefined;
    default:
      return undefined;
  }
}

async function failAfter(fault: Fault | undefined, reply: Reply): Promise<Reply | 'drop'> {
  if (fault?.kind === 'drop-after-commit') return 'drop';
  if (fault?.kind === 'slow-after-commit') await waitMs(fault.ms);
  if (fault?.kind === 'http-error-after-commit') {
    return { httpStatus: fault.status, body: { ok: false, error: 'internal_error' } };
  }
  return reply;
}

async function callApi(
  context: ProxyContext,
  call: SlackCall,
  token: string | undefined,
): Promise<Reply> {
  const refused = context.refuseToken(token, call.method);
  if (refused !== undefined) return { httpStatus: 200, body: { ok: false, error: refused } };
  const decision = context.limiter()?.check(call.method, call.channel);
  if (decision?.allowed === false) return tooMany(decision.retryAfterSeconds);
  const errors = validateArguments(call.method, call.args);
  if (errors.length > 0) {
    context.journal.violation({
      method: call.method,
      at: call.at,
      callSeq: call.seq,
      errors,
    });
    return invalid(errorCodeFor(call.method, errors), errors);
  }
  const answer = await context.api.execute(call.method, call.args);
  if (answer.httpStatus === 404) {
    return { httpStatus: 200, body: { ok: false, error: 'unknown_method' } };
  }
  note(call, answer);
  return answer;
}

function note(call: SlackCall, { body }: SlackAnswer): void {
  call.committed = body.ok === true;
  call.channel = stringOf(body.channel) ?? call.channel;
  call.ts = stringOf(body.ts) ?? stringOf(body.message_ts) ?? stringOf(call.args.ts);
}

async function answerResponseUrl(
  context: ProxyContext,
  id: string,
  body: string,
  call: SlackCall,
): Promise<Reply> {
  const result = await context.responseUrls.respond(id, parseJson(body));
  call.committed = result.committed;
  if (result.errors.length > 0) {
    context.journal.violation({
      method: 'response_url',
      at: context.clock.now(),
      callSeq: call.seq,
      errors: result.errors,
    });
  }
  return result;
}

function invalid(error: string, errors: readonly { pointer: string; message: string }[]): Reply {
  const messages = errors.map((each) => `[ERROR] ${each.message} [json-pointer:${each.pointer}]`);
  return {
    httpStatus: 200,
    body: { ok: false, error, errors: messages, response_metadata: { messages } },
  };
}

function tooMany(retryAfterSeconds: number): Reply {
  return {
    httpStatus: 429,
    body: { ok: false, error: 'ratelimited' },
    headers: { 'retry-after': String(retryAfterSeconds) },
  };
}

function bearerOf(request: IncomingMessage): string | undefined {
  return request.headers.authorization?.replace(/^Bearer\s+/i, '').trim();
}
