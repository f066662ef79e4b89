import { existsSync, readdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrate } from '../../src/platform/postgres/migrate.ts';
import { type CliRun, runCli, startCli } from '../support/cli.ts';
import { createDataFolder, type DataFolder } from '../support/data-folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const RULES_DIR = join(import.meta.dirname, '../../scoring-rules');
const WAIT = { timeout: 30_000, interval: 20 };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function messages(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => String(JSON.parse(line).msg));
}

async function started(run: CliRun): Promise<void> {
  await vi.waitFor(() => expect(messages(run.output())).toContain('started'), WAIT);
}

describe('firstcall start', () => {
  it('says in one sentence that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stdout, stderr } = await runCli(['start'], {
      env: { DATABASE_URL: database.url, RULES_DIR, HOST: '127.0.0.1', PORT: String(port) },
    });
    other.close();
    expect(code).toBe(69);
    expect(stderr).toBe(
      `First Call could not start: Port ${port} of this machine is taken by another program, perhaps another First Call: stop that one, or set PORT to a free port.\n`,
    );
    expect(stdout).not.toMatch(/EADDRINUSE|stack/);
  });

  it('says in one sentence that the database is not there, without its address', async () => {
    const { code, stdout, stderr } = await runCli(['start'], {
      env: { DATABASE_URL: 'postgres://someone:sample-secret@127.0.0.1:1/x', RULES_DIR },
    });
    expect(code).toBe(69);
    expect(stderr).toBe(
      'First Call could not start: The database cannot be reached: nothing listens at the host and port of DATABASE_URL; check both, and that it runs.\n',
    );
    expect(stdout).not.toMatch(/sample-secret|stack/);
  });

  it.each<[string, (url: URL) => void, RegExp]>([
    [
      'the host',
      (url) => (url.hostname = 'no-such-host.invalid'),
      /host in DATABASE_URL (is not known|cannot be looked up)/,
    ],
    ['the password', (url) => (url.password = 'sample-secret'), /refuses the user or the password/],
    ['the user', (url) => (url.username = 'sample-secret'), /refuses the user or the password/],
    ['the database', (url) => (url.pathname = '/sample-secret'), /does not exist; create it/],
    ['TLS', (url) => url.searchParams.set('sslmode', 'require'), /do not agree on TLS/],
  ])('tells when %s is wrong', async (_, change, sentence) => {
    const url = new URL(database.url);
    change(url);
    const failure: unknown = await migrate(url.href, { log: pino({ level: 'silent' }) }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      code: 'database_unavailable',
      message: expect.stringMatching(sentence),
    });
    expect(String(failure)).toMatch(/^AppError: The database cannot be reached: [^.]+\.$/);
    expect(String(failure)).not.toContain('sample-secret');
  });

  it('goes on without Redis, says so once for each connection, and stops when asked', async () => {
    const run = startCli(['start'], {
      env: {
        DATABASE_URL: database.url,
        REDIS_URL: 'redis://:sample-secret@127.0.0.1:1',
        RULES_DIR,
        HOST: '127.0.0.1',
        PORT: '0',
      },
    });
    await started(run);
    run.child.kill('SIGTERM');
    const { code, stdout, stderr } = await run.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const told = messages(stdout).filter((message) => message.startsWith('Redis cannot'));
    expect(new Set(told)).toEqual(
      new Set([
        'Redis cannot be reached: nothing listens at the host and port of REDIS_URL; check both, and that it runs; meanwhile leads wait in Postgres.',
      ]),
    );
    expect(told.length).toBeLessThanOrEqual(2);
    expect(stdout).not.toContain('sample-secret');
  });
});

describe('firstcall start on its own PostgreSQL', () => {
  let data: DataFolder;
  let runs: CliRun[];
  beforeEach(async () => {
    data = await createDataFolder();
    runs = [];
  });
  afterEach(async () => {
    for (const { child } of runs) child.kill('SIGKILL');
    await data.remove();
  });

  function start(): CliRun {
    const env = { FIRSTCALL_DATA_DIR: data.path, RULES_DIR, HOST: '127.0.0.1', PORT: '0' };
    const run = startCli(['start'], { env, detached: true });
    runs.push(run);
    return run;
  }

  it('drains on SIGTERM without a word of alarm', async () => {
    const run = start();
    await started(run);
    run.child.kill('SIGTERM');
    const { code, stdout, stderr } = await run.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const all = messages(stdout);
    expect(all.slice(all.indexOf('stopping'))).toEqual(['stopping', 'stopped']);
  });

  it('ends cleanly on Ctrl-C while the database is being made, and starts afterwards', async () => {
    const first = start();
    const folder = join(data.path, 'postgres');
    const isMaking = () =>
      existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('data.'));
    await vi.waitFor(() => expect(isMaking()).toBe(true), { timeout: 30_000, interval: 2 });
    // As a terminal does: to everybody in the group.
    process.kill(-Number(first.child.pid), 'SIGINT');
    const { code, stdout, stderr } = await first.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/"level":[456]0,(?!.*is (?:not )?configured)/);
    const second = start();
    await started(second);
    // What a slow machine could not finish in time is cleared away.
    expect(isMaking()).toBe(false);
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });
});
