import type { ReadRequest } from './events-of.ts';
import { type IntakeProblem, problem } from './intake-problem.ts';
import { type JsonTask, readJsonEvents } from './read-json-events.ts';
import { createReaderThread } from './reader-thread.ts';

export interface JsonReader {
  /** As `readJsonEvents`; a large body is read in another thread, one at a time. */
  read(task: JsonTask): Promise<ReadRequest | IntakeProblem>;
  close(): Promise<void>;
}

export interface JsonReaderOptions {
  /** Bytes that are read at once: dozens of ordinary leads, and never 20 ms. */
  inlineBytes?: number;
  /** For one body in the thread, its start included. */
  withinMs?: number;
  /** Bodies that wait for the thread. */
  mostWaiting?: number;
}

const TOO_BUSY =
  'Too many large requests are being read: send it again later, it is safe to repeat.';

export function createJsonReader({
  inlineBytes = 32 * 1024,
  withinMs = 20_000,
  mostWaiting = 50,
}: JsonReaderOptions = {}): JsonReader {
  const thread = createReaderThread<JsonTask, ReadRequest>({
    entry: new URL('./json-worker.ts', import.meta.url),
    ...{ withinMs, mostWaiting, tooBusy: TOO_BUSY },
    // No megabyte of JSON takes that long: the machine is busy.
    tooSlow: problem(503, 'reader_busy', TOO_BUSY),
  });
  return {
    async read(task) {
      return task.body.length <= inlineBytes ? readJsonEvents(task) : thread.read(task);
    },
    close: thread.close,
  };
}
