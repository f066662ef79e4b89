import { parentPort } from 'node:worker_threads';
import { type OutboundMessageOptions, parseOutboundMessage } from './parse-outbound-message.ts';

/* Runs in a thread of its own (outbound-reader.ts): parses one message after the other. */

export interface ParseTask {
  body: Uint8Array;
  options: OutboundMessageOptions;
}

parentPort?.on('message', ({ body, options }: ParseTask) => {
  parentPort?.postMessage(parseOutboundMessage(body, options));
});
