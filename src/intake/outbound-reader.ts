import { Worker } from 'node:worker_threads';
import { problem } from './intake-problem.ts';
import type { ParseTask } from './outbound-worker.ts';
import {
  type OutboundMessage,
  type OutboundMessageOptions,
  parseOutboundMessage,
  refuseUnparsed,
} from './parse-outbound-message.ts';

export interface OutboundReader {
  /** As `parseOutboundMessage`; a large body is parsed in another thread, one at a time. */
  read(body: Uint8Array, options: OutboundMessageOptions): Promise<OutboundMessage>;
  close(): Promise<void>;
}

export interface OutboundReaderOptions {
  /** Bytes that are parsed at once: an ordinary message of a few records, and never 20 ms. */
  inlineBytes?: number;
  /** For one body in the thread. */
  withinMs?: number;
  /** Bodies that wait for the thread. */
  mostWaiting?: number;
}

const TOO_BUSY =
  'Too many large messages are being read: send it again later, it is safe to repeat.';
const TOO_SLOW = 'The message takes too long to read: send fewer notifications in one.';

export function createOutboundReader({
  inlineBytes = 16 * 1024,
  withinMs = 5_000,
  mostWaiting = 20,
}: OutboundReaderOptions = {}): OutboundReader {
  let worker: Worker | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  /** Started when the first large body comes, and again when one ended it. */
  function thread(): Worker {
    if (worker === undefined) {
      const started = new Worker(new URL('./outbound-worker.ts', import.meta.url));
      started.unref();
      started.once('exit', () => {
        if (worker === started) worker = undefined;
      });
      worker = started;
    }
    return worker;
  }

  async function parse(task: ParseTask): Promise<OutboundMessage> {
    const used = thread();
    const { promise, resolve, reject } = Promise.withResolvers<OutboundMessage>();
    const timer = setTimeout(() => {
      resolve(problem(413, 'body_too_large', TOO_SLOW));
      if (worker === used) worker = undefined;
      void used.terminate();
    }, withinMs);
    const onExit = () => reject(new Error('the thread that reads messages ended'));
    used.once('message', resolve).once('error', reject).once('exit', onExit);
    used.postMessage(task);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      used.off('message', resolve).off('error', reject).off('exit', onExit);
    }
  }

  return {
    async read(body, options) {
      if (body.length <= inlineBytes) return parseOutboundMessage(body, options);
      const refused = refuseUnparsed(body, options);
      if (refused !== null) return refused;
      if (waiting >= mostWaiting) return problem(503, 'reader_busy', TOO_BUSY);
      waiting += 1;
      const parsed = turn.then(() => parse({ body, options }));
      turn = parsed.catch(() => undefined);
      return parsed.finally(() => {
        waiting -= 1;
      });
    },
    async close() {
      const last = worker;
      worker = undefined;
      await last?.terminate();
    },
  };
}
