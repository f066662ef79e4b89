export interface RetryDelayOptions {
  baseMs: number;
  capMs: number;
}

/** Exponential with jitter over the upper half: 0.5 to 1 of `base * 2^(attempt - 1)`, at most `cap`. `random` in [0, 1). */
export function retryDelayMs(attempt: number, random: number, options: RetryDelayOptions): number {
  const full = Math.min(
    options.capMs,
    options.baseMs * 2 ** Math.min(30, Math.max(0, attempt - 1)),
  );
  return Math.round(full * (0.5 + random / 2));
}
