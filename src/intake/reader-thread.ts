import { Worker } from 'node:worker_threads';
import { type IntakeProblem, problem } from './intake-problem.ts';

export interface ReaderThread<Task, Read> {
  /** Reads in another thread, one at a time. */
  read(task: Task): Promise<Read | IntakeProblem>;
  close(): Promise<void>;
}

export interface ReaderThreadOptions {
  /** A file that answers each message (a task) by one message (what was read). */
  entry: URL;
  /** For one task. */
  withinMs: number;
  /** Tasks that wait for the thread. */
  mostWaiting: number;
  /** What a task is refused with that takes longer. */
  tooSlow: IntakeProblem;
  tooBusy: string;
}

/** A thread for large bodies: whoever sends one must not keep the thread that answers everybody. */
export function createReaderThread<Task, Read>({
  entry,
  withinMs,
  mostWaiting,
  tooSlow,
  tooBusy,
}: ReaderThreadOptions): ReaderThread<Task, Read> {
  let worker: Worker | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  /** Started when the first large body comes, and again when one ended it. */
  function thread(): Worker {
    if (worker === undefined) {
      const started = new Worker(entry);
      started.unref();
      started.once('exit', () => {
        if (worker === started) worker = undefined;
      });
      worker = started;
    }
    return worker;
  }

  async function run(task: Task): Promise<Read | IntakeProblem> {
    const used = thread();
    const { promise, resolve, reject } = Promise.withResolvers<Read | IntakeProblem>();
    const timer = setTimeout(() => {
      resolve(tooSlow);
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
    async read(task) {
      if (waiting >= mostWaiting) return problem(503, 'reader_busy', tooBusy);
      waiting += 1;
      const read = turn.then(() => run(task));
      turn = read.catch(() => undefined);
      return read.finally(() => {
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
