import { type Role, startApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/platform/config.ts';
import { isLongRun } from '../effort.ts';
import { testLogger } from '../world.ts';
import { createAppRunner } from './app-runner.ts';

export interface RunningRole {
  url: string;
  stop(): Promise<void>;
}

/** One role of the app: in this process, and in the long run in one of its own. */
export async function startRole(env: Record<string, string>, role: Role): Promise<RunningRole> {
  if (isLongRun) {
    const runner = createAppRunner({ ...env, REDIS_URL: '' }, { standby: false, role });
    return { url: await runner.start(), stop: runner.stop };
  }
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.problems.join('; '));
  return startApp({ config: read.config, role, log: testLogger() });
}
