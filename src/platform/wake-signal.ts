/** Lets a loop sleep until somebody wakes it. A wake while it is busy is not lost: the next sleep ends at once. */
export interface WakeSignal {
  wake(): void;
  /** Resolves on `wake` or after `ms`, whichever comes first. */
  sleep(ms: number): Promise<void>;
}

export function createWakeSignal(): WakeSignal {
  let pending = false;
  let resolveSleep: (() => void) | undefined;
  return {
    wake() {
      pending = true;
      resolveSleep?.();
    },
    async sleep(ms) {
      if (!pending) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, ms);
        resolveSleep = resolve;
        await promise;
        clearTimeout(timer);
        resolveSleep = undefined;
      }
      pending = false;
    },
  };
}
