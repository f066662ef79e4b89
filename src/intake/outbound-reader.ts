import { problem } from './intake-problem.ts';
import type { ParseTask } from './outbound-worker.ts';
import {
  type OutboundMessage,
  type OutboundMessageOptions,
  parseOutboundMessage,
  refuseUnparsed,
} from './parse-outbound-message.ts';
import { createReaderThread } from './reader-thread.ts';

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
  const thread = createReaderThread<ParseTask, OutboundMessage>({
    entry: new URL('./outbound-worker.ts', import.meta.url),
    ...{ withinMs, mostWaiting, tooBusy: TOO_BUSY },
    tooSlow: problem(413, 'body_too_large', TOO_SLOW),
  });
  return {
    async read(body, options) {
      if (body.length <= inlineBytes) return parseOutboundMessage(body, options);
      return refuseUnparsed(body, options) ?? thread.read({ body, options });
    },
    close: thread.close,
  };
}
