import { type Duplex, PassThrough } from 'node:stream';
import type { HttpRequest } from 'jsforce';
import { Transport } from 'jsforce/lib/transport.js';

/**
 * jsforce's own transport waits half an hour for an answer and ends the process when one breaks off half way
 * (an error event of the body that nothing listens to). This one has a time limit for the whole
 * exchange, sends each request once, and turns every failure into a rejection.
 */
export class BoundedTransport extends Transport {
  readonly #timeoutMs: number;

  constructor(timeoutMs: number) {
    super();
    this.#timeoutMs = timeoutMs;
  }

  override getRequestStreamCreator(): (request: HttpRequest) => Duplex {
    return (request) => {
      const stream = new PassThrough();
      exchange(request, this.#timeoutMs).then(
        (response) => stream.emit('complete', response),
        (error: unknown) => stream.destroy(error instanceof Error ? error : new Error('failed')),
      );
      return stream;
    };
  }
}

async function exchange(request: HttpRequest, timeoutMs: number) {
  const { url, method, headers, body } = request;
  if (body !== undefined && typeof body !== 'string') {
    throw new TypeError('only text bodies are sent');
  }
  // fetch counts the bytes itself and refuses a length that is set by hand.
  const { 'content-length': _length, ...sent } = headers ?? {};
  const response = await fetch(url, {
    method,
    headers: sent,
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: text,
  };
}
