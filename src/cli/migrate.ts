import { readProcessConfig } from '../platform/config.ts';
import { asAppError } from '../platform/errors.ts';
import { createLogger } from '../platform/logger.ts';
import { migrate } from '../platform/postgres/migrate.ts';

export async function runMigrate(): Promise<number> {
  const read = readProcessConfig();
  if (!read.ok || read.config.databaseUrl === undefined) {
    const problems = read.ok ? ['DATABASE_URL is missing'] : read.problems;
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    return 78;
  }
  try {
    const applied = await migrate(read.config.databaseUrl, {
      log: createLogger({ level: 'silent', format: 'json' }),
    });
    process.stdout.write(
      applied.length === 0
        ? 'The database is up to date.\n'
        : `Applied ${applied.length}: ${applied.join(', ')}\n`,
    );
    return 0;
  } catch (error) {
    process.stderr.write(`${asAppError(error).message}\n`);
    return 69;
  }
}
