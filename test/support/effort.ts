import { drawSeed } from './seed.ts';

/** True in `npm run test:long`. A test file that imports this one takes part in that run. */
export const isLongRun = process.env.FIRSTCALL_LONG === '1';

/** The run's seed (FIRSTCALL_SEED, printed by the commands): for fast-check and for our own random choices. */
export const seed = drawSeed();

/** The count of cases to try: few in `npm test`, all in `npm run test:long`. */
export function effort(few: number, all: number): number {
  return isLongRun ? all : few;
}

/** Parameters for `fc.assert`. */
export function propertyEffort(few: number, all: number): { numRuns: number; seed: number } {
  return { numRuns: effort(few, all), seed };
}
