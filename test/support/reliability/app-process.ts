import { type Role, startApp } from '../../../src/app.ts';
import { readProcessConfig } from '../../../src/platform/config.ts';
import { createLogger } from '../../../src/platform/logger.ts';

/*
 * The whole app in a process that tests kill. It loads everything and then waits to be told to start, so
 * that the next one is ready at once when this one is killed.
 */
process.once('message', ({ role }: { role: Role }) => void start(role));
process.once('disconnect', () => process.exit(1));
process.send?.({ kind: 'loaded' });

async function start(role: Role): Promise<void> {
  const read = readProcessConfig();
  if (!read.ok) throw new Error(read.problems.join('; '));
  const { config } = read;
  const log = createLogger({ level: config.logLevel, format: config.logFormat });
  const app = await startApp({ config, role, log, alone: role === 'all' });
  process.once('SIGTERM', () => void app.stop().then(() => process.exit(0)));
  process.send?.({ kind: 'started', url: app.url });
}
