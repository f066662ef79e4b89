import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../src/platform/clock.ts';
import { type Fault, type Faults, waitMs } from '../doubles/faults.ts';
import { readBody } from '../doubles/loopback-server.ts';
import { operationOf } from './operation.ts';
import { REQUEST_SEQ_HEADER } from './salesforce-definition.ts';
import { httpStatusOf } from './salesforce-error.ts';
import type { SalesforceJournalWriter } from './salesforce-journal.ts';

export interface ServerContext {
  emulator: { request(path: string, init?: RequestInit): Promise<Response> };
  journal: SalesforceJournalWriter;
  faults: Faults;
  clock: Clock;
}

interface Reply {
  status: number;
  body: string;
  headers: Record<string, string>;
}

/** HTTP in front of the emulator: the place where connections can be cut and answers lost. */
export async function forwardRequest(
  context: ServerContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { journal, faults, clock } = context;
  const path = request.url ?? '/';
  const method = request.method ?? 'GET';
  const { operation, target } = operationOf(method, path.split('?')[0] ?? '/');
  const body = await readBody(request);
  const fault = faults.take(operation, target);
  const entry = journal.request({ at: clock.now(), operation, method, path, fault: fault?.kind });
  const cut = (): void => {
    response.destroy();
  };
  if ((await faults.pass('before', operation, target)) === 'drop') return cut();
  if (fault?.kind === 'drop-before') return cut();
  if (fault?.kind === 'slow') await waitMs(fault.ms);
  const reply = failBefore(fault) ?? (await callEmulator(context, request, path, body, entry.seq));
  if ((await faults.pass('after-commit', operation, target)) === 'drop') return cut();
  if (fault?.kind === 'drop-after-commit') return cut();
  if (fault?.kind === 'slow-after-commit') await waitMs(fault.ms);
  const last = fault?.kind === 'http-error-after-commit' ? outage(fault.status) : reply;
  entry.status = last.status;
  entry.answered = !response.destroyed;
  response.writeHead(last.status, last.headers);
  response.end(last.body);
}

async function callEmulator(
  { emulator }: ServerContext,
  request: IncomingMessage,
  path: string,
  body: string,
  seq: number,
): Promise<Reply> {
  const answer = await emulator.request(path, {
    method: request.method ?? 'GET',
    headers: { ...singleHeaders(request), [REQUEST_SEQ_HEADER]: String(seq) },
    ...(body === '' ? {} : { body }),
  });
  return {
    status: answer.status,
    body: await answer.text(),
    headers: Object.fromEntries(answer.headers),
  };
}

const HOP_HEADERS = ['connection', 'content-length', 'host', 'transfer-encoding', 'keep-alive'];

function singleHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !HOP_HEADERS.includes(name) ? [[name, value]] : [],
    ),
  );
}

function failBefore(fault: Fault | undefined): Reply | undefined {
  switch (fault?.kind) {
    case 'http-error':
      return outage(fault.status);
    case 'rate-limited':
      return refusal('REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.');
    case 'error':
      return refusal(fault.error, `${fault.error} (sample)`);
    default:
      return undefined;
  }
}

function refusal(errorCode: string, message: string): Reply {
  return {
    status: httpStatusOf(errorCode),
    body: JSON.stringify([{ errorCode, message }]),
    headers: { 'content-type': 'application/json;charset=UTF-8' },
  };
}

/** An outage often answers with a page, not with JSON. */
function outage(status: number): Reply {
  return {
    status,
    body: '<html><body>Service Temporarily Unavailable</body></html>',
    headers: { 'content-type': 'text/html' },
  };
}
