export interface BatcherOptions {
  /** Does the work for all of them, or for none when it throws. */
  run(ids: readonly string[]): Promise<void>;
  /** Most ids in one batch. */
  size: number;
  /** Batches at the same time: one computes while another waits for the disk. */
  parallel: number;
}

/**
 * Gathers what arrives while earlier work is under way: alone an id goes at once, in a burst many go together.
 * When a batch fails, each of its ids is tried alone, so that one bad lead does not hold up the others.
 */
export function createBatcher({
  run,
  size,
  parallel,
}: BatcherOptions): (id: string) => Promise<void> {
  let waiting = new Map<string, PromiseWithResolvers<void>>();
  let running = 0;

  function next(): void {
    if (running >= parallel || waiting.size === 0) return;
    const batch = new Map([...waiting].slice(0, size));
    waiting = new Map([...waiting].slice(size));
    running += 1;
    work(batch).finally(() => {
      running -= 1;
      next();
    });
  }

  async function work(batch: ReadonlyMap<string, PromiseWithResolvers<void>>): Promise<void> {
    try {
      await run([...batch.keys()]);
      for (const { resolve } of batch.values()) resolve();
    } catch (error) {
      for (const [id, { resolve, reject }] of batch) {
        if (batch.size === 1) reject(error);
        else await run([id]).then(resolve, reject);
      }
    }
  }

  return (id) => {
    const known = waiting.get(id);
    if (known !== undefined) return known.promise;
    const added = Promise.withResolvers<void>();
    waiting.set(id, added);
    next();
    return added.promise;
  };
}
