import { it } from 'vitest';
import { isLongRun, seed } from '../support/effort.ts';
import { expectSurvivesKills, KILL_LIMIT_MS } from './kill-suite.ts';

it.runIf(isLongRun)(
  `killed at any point with the queue on Postgres: nothing is lost, nothing done twice (seed ${seed})`,
  () => expectSurvivesKills(undefined),
  KILL_LIMIT_MS,
);
