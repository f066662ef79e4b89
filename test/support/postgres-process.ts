import { pino } from 'pino';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.ts';

/*
 * A process that holds an embedded PostgreSQL, for tests that kill it: node postgres-process.ts FOLDER [exit].
 * Prints one JSON line ({ url } or { error }), drains on SIGINT with a last query, as the app does.
 */
const [dataDir = '', then] = process.argv.slice(2);
try {
  const log = pino({ level: 'silent' });
  const { url, stop } = await startEmbeddedPostgres({ dataDir, log, durable: false });
  process.on('SIGINT', () => void drain(url, stop));
  print({ url });
  if (then === 'exit') process.exit(3);
} catch (error) {
  print({ error: error instanceof Error ? error.message : String(error) });
}

async function drain(url: string, stop: () => Promise<void>): Promise<void> {
  const { Client } = await import('pg');
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('select 1 as answer');
  await client.end();
  await stop();
  print({ drained: rows[0].answer === 1 });
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
