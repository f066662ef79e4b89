import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createLogger } from '../logger.ts';
import { dumpSchema } from './dump-schema.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import { migrate } from './migrate.ts';

/* npm run schema:dump */

const log = createLogger({ level: 'warn', format: 'json' });
const dataDir = await mkdtemp(join(tmpdir(), 'firstcall-schema-'));
await chmod(dataDir, 0o755);
const server = await startEmbeddedPostgres({ dataDir, log, durable: false });
try {
  await migrate(server.url, { log });
  const client = new Client({ connectionString: server.url });
  await client.connect();
  const path = join(import.meta.dirname, 'schema.sql');
  await writeFile(path, await dumpSchema(client));
  await client.end();
  process.stdout.write(`Wrote ${path}\n`);
} finally {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
