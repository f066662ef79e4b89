const EVERY_MS = 20;

export interface StallWatch {
  /** The longest time that this process got no processor, in milliseconds. */
  stop(): number;
}

/** A machine that is shared stalls now and then: what is timed on it may take so much longer. */
export function watchStalls(): StallWatch {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - EVERY_MS);
    last = now;
  }, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return longest;
    },
  };
}
