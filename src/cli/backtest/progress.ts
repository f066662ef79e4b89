/** Rows between two looks at the clock. */
const EVERY_ROWS = 2_000;
const BAR = 30;

export interface Progress {
  tick(rows: number): void;
  stop(): void;
}

/** A bar on a terminal; nothing where nobody watches. */
export function showProgress(
  stream: NodeJS.WriteStream,
  totalBytes: number,
  bytesRead: () => number,
): Progress {
  if (!stream.isTTY) return { tick() {}, stop() {} };
  return {
    tick(rows) {
      if (rows % EVERY_ROWS !== 0) return;
      const share = totalBytes === 0 ? 1 : Math.min(1, bytesRead() / totalBytes);
      const full = Math.round(share * BAR);
      const bar = `${'#'.repeat(full)}${'.'.repeat(BAR - full)}`;
      stream.write(`\r${bar} ${Math.round(share * 100)} %  ${rows} rows`);
    },
    stop() {
      stream.write('\r\u001b[K');
    },
  };
}
