import { type App, type Role, startApp } from './app.ts';
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
  let app: App;
  try {
    app = await startApp({ config: read.config, role, log });
  } catch (error) {
    const known = asAppError(error);
    log.fatal({ err: known, code: known.code }, 'could not start');
    process.stderr.write(`First Call could not start: ${known.message}\n`);
    return EXIT.unavailable;
  }
  log.info({ role, url: app.url }, 'started');
  const signal = await stopSignal();
  log.info({ signal }, 'stopping');
  const forced = setTimeout(() => {
    log.error('did not stop in time');
    process.exit(1);
  }, STOP_WITHIN_MS);
  await app.stop();
  clearTimeout(forced);
  log.info('stopped');
  return 0;
}

/** The first signal drains; a second one within the drain ends the process at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      resolve(name);
      process.once(name, () => process.exit(130));
    });
  }
  return promise;
}
