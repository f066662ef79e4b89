import { type App, type AppOptions, type Role, startApp } from './app.ts';
import { readProcessConfig } from './platform/config.ts';
import { asAppError } from './platform/errors.ts';
import { createLogger } from './platform/logger.ts';

/** `sysexits.h`: the configuration is wrong, a service is unavailable. */
const EXIT = { config: 78, unavailable: 69 } as const;
/** Longer than any single call that we wait for. */
const STOP_WITHIN_MS = 30_000;

/** Starts one role of First Call and runs until it is told to stop. Resolves to the exit code. */
export async function runRole(role: Role): Promise<number> {
  const read = readProcessConfig();
  if (!read.ok) {
    process.stderr.write(`The configuration needs attention:\n`);
    for (const problem of read.problems) process.stderr.write(`  ${problem}\n`);
    return EXIT.config;
  }
  if (role !== 'all' && read.config.databaseUrl === undefined) {
    process.stderr.write(
      'Separate roles share one database: set DATABASE_URL, or start with --role=all.\n',
    );
    return EXIT.config;
  }
  const log = createLogger({ level: read.config.logLevel, format: read.config.logFormat });
  // From the first moment on: whoever changes their mind during the start is not left with half of it.
  const stopping = stopSignal();
  const started = await start({ config: read.config, role, log }, stopping);
  if (started === 'stopped') return 0;
  if (started === 'failed') return EXIT.unavailable;
  log.info({ role, url: started.url }, 'started');
  log.info({ signal: await stopping.signal }, 'stopping');
  const forced = setTimeout(() => {
    log.error('did not stop in time');
    process.exit(1);
  }, STOP_WITHIN_MS);
  await started.stop();
  clearTimeout(forced);
  log.info('stopped');
  return 0;
}

/** Says in one sentence why not; a failure after the signal is of no interest any more. */
async function start(
  options: AppOptions,
  stopping: StopSignal,
): Promise<App | 'failed' | 'stopped'> {
  const { log } = options;
  try {
    return await startApp(options);
  } catch (error) {
    if (stopping.isGiven()) {
      log.info('stopped before it had started');
      return 'stopped';
    }
    const known = asAppError(error);
    const { code } = known;
    // Of what we know how to say, the sentence is enough.
    log.fatal(code === 'unexpected' ? { err: known, code } : { code }, known.message);
    process.stderr.write(`First Call could not start: ${known.message}\n`);
    return 'failed';
  }
}

export interface StopSignal {
  signal: Promise<NodeJS.Signals>;
  isGiven(): boolean;
}

/** The first signal drains; a second one within the drain ends the process at once. */
export function stopSignal(): StopSignal {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let given = false;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      given = true;
      resolve(name);
      process.once(name, () => process.exit(130));
    });
  }
  return { signal: promise, isGiven: () => given };
}
