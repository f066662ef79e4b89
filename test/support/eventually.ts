import { vi } from 'vitest';

/** Waits until a check passes. It looks often, so that a quick answer costs nothing; a busy machine gets its time. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 15_000, interval: 10 });
}
