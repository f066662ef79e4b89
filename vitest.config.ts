import { defineConfig } from 'vitest/config';

/** Files that leave nothing behind in their process: they share it, and load what they test once. */
const SHARED = [
  'test/{lead,scoring,routing,evaluation,intake,records,decisions,delivery,write-back,demo,repository}/**/*.test.ts',
  'test/journeys/!(*browser*).test.ts',
  'test/pipeline.test.ts',
];
/** Files that time what people wait for: at full size nothing else runs beside them. */
const TIMED =
  process.env.FIRSTCALL_LONG === '1'
    ? ['test/reliability/{postgres-stopped,slack-flood}.test.ts']
    : [];
const ALL = 'test/**/*.test.ts';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: ['test/support/postgres-global-setup.ts'],
    // Two shared cores is the smallest machine that we promise to pass on; every other file waits for something.
    maxWorkers: 4,
    projects: [
      { extends: true, test: { name: 'shared', include: SHARED, isolate: false } },
      { extends: true, test: { name: 'alone', include: [ALL], exclude: [...SHARED, ...TIMED] } },
      {
        extends: true,
        test: { name: 'timed', include: TIMED, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
