import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres-global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two shared cores is the smallest machine that we promise to pass on; every third file waits for something.
    maxWorkers: 3,
    // A shared CI machine stalls now and then. The report shows what needed another try: it is to be mended.
    retry: process.env.CI === 'true' ? 2 : 0,
  },
});
