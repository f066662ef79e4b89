import { defineConfig } from 'vitest/config';

const CORE =
  'test/{lead,scoring,routing,evaluation,delivery/cards,delivery/modals,delivery/replies,delivery/text}/**/*.test.ts';
const ALL = 'test/**/*.test.ts';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two shared cores is the smallest machine that we promise to pass on; every third file waits for something.
    maxWorkers: 3,
    projects: [
      // Functions of their arguments have nothing to share: their files need no process of their own.
      { extends: true, test: { name: 'core', include: [CORE], isolate: false } },
      {
        extends: true,
        test: {
          name: 'edges',
          include: [ALL],
          exclude: [CORE],
          globalSetup: ['test/support/postgres-global-setup.ts'],
        },
      },
    ],
  },
});
