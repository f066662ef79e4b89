import { afterAll, describe, it } from 'vitest';
import { isLongRun, seed } from '../support/effort.ts';
import { startTestRedis } from '../support/redis.ts';
import { expectSurvivesKills, KILL_LIMIT_MS } from './kill-suite.ts';

// Of the long run only, as is the one with the queue on Postgres.
const redis = isLongRun ? await startTestRedis() : null;
afterAll(() => redis?.stop());

describe.skipIf(redis === null)('queue on Redis', () => {
  it(
    `killed at any point with the queue on Redis: nothing is lost, nothing done twice (seed ${seed})`,
    () => expectSurvivesKills(redis?.url),
    KILL_LIMIT_MS,
  );
});
