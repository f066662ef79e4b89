import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors.ts';
import type { ServerAccount } from './embedded-account.ts';
import type { PostgresBinaries } from './embedded-binaries.ts';

export const DATABASE_USER = 'firstcall';

export interface ClusterOptions {
  /** Holds everything of ours: `data/` (PostgreSQL's own), `password`, `server.log`, `owner.N.json`. */
  folder: string;
  binaries: PostgresBinaries;
  account: ServerAccount | undefined;
  durable: boolean;
}

/** Makes the cluster on first use. Resolves to its password; throws `database_unavailable`. */
export async function ensureCluster(options: ClusterOptions): Promise<string> {
  const data = join(options.folder, 'data');
  const version = await readText(join(data, 'PG_VERSION'));
  if (version === undefined) return createCluster(options, data);
  await checkUsable(options, data, version.trim());
  const password = await readText(join(options.folder, 'password'));
  if (password !== undefined) return password;
  throw unavailable(
    `The password file of the database in ${options.folder} is missing: put it back, or delete the folder to start with an empty database.`,
  );
}

async function checkUsable(options: ClusterOptions, data: string, version: string): Promise<void> {
  const { majorVersion } = options.binaries;
  if (version !== majorVersion) {
    throw unavailable(
      `The database in ${data} was made by PostgreSQL ${version} and this is PostgreSQL ${majorVersion}: run the earlier First Call, or delete the folder to start with an empty database.`,
    );
  }
  const { uid } = await stat(data);
  const mine = options.account?.uid ?? process.getuid?.();
  if (mine === undefined || uid === mine) return;
  throw unavailable(
    `The database in ${data} belongs to another user (id ${uid}): run First Call as that user, or set DATABASE_URL.`,
  );
}

async function createCluster(options: ClusterOptions, data: string): Promise<string> {
  const { account, binaries, folder } = options;
  const passwordPath = join(folder, 'password');
  // initdb works on a draft: a folder called `data` is always a whole cluster, whenever we are killed.
  const draft = join(folder, `data.${randomUUID()}`);
  await removeDrafts(folder);
  await mkdir(draft, { mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  await rm(passwordPath, { force: true });
  await writeFile(passwordPath, password, { mode: 0o600 });
  if (account) {
    await chown(draft, account.uid, account.gid);
    await chown(passwordPath, account.uid, account.gid);
  }
  await runInitdb(binaries.initdb, initdbArguments(draft, passwordPath, options.durable), account);
  await chmod(draft, 0o700);
  await rename(draft, data);
  return password;
}

/** Left by an initdb that was killed; one that still runs loses its folder and ends. */
async function removeDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('data.')) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function initdbArguments(draft: string, passwordPath: string, durable: boolean): string[] {
  return [
    `--pgdata=${draft}`,
    `--username=${DATABASE_USER}`,
    `--pwfile=${passwordPath}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order of strings on every machine.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
}

async function runInitdb(
  initdb: string,
  args: string[],
  account: ServerAccount | undefined,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(initdb, args, {
    ...account,
    // A session of its own: Ctrl-C is for us, who let it finish and then stop.
    detached: true,
    cwd: '/',
    env: { LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output = `${output}${chunk.toString()}`.slice(-10_000);
  });
  // A second Ctrl-C ends us at once: then nobody needs its work.
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  child.once('error', reject);
  child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(output))));
  try {
    await promise;
  } catch (cause) {
    throw unavailable(explainInitdb(String(cause)), cause);
  } finally {
    process.off('exit', onExit);
  }
}

function explainInitdb(output: string): string {
  if (output.includes('No space left')) {
    return 'The database cannot be created because the disk is full: free some space and start again.';
  }
  if (output.includes('could not look up effective user')) {
    return 'The database cannot be created because this user has no entry in /etc/passwd: add one, or set DATABASE_URL.';
  }
  if (/ENOENT|ENOEXEC/.test(output)) {
    return "PostgreSQL's programs do not run on this system: set DATABASE_URL to a PostgreSQL of your own.";
  }
  const last = output.split('\n').findLast((line) => /error|fatal/i.test(line)) ?? 'initdb failed';
  return `The database cannot be created (${last.trim()}): mend that, or set DATABASE_URL.`;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unavailable(
      `${path} cannot be read by this user: run First Call as its owner, or set DATABASE_URL.`,
      error,
    );
  }
}

function unavailable(sentence: string, cause?: unknown): AppError {
  return new AppError('database_unavailable', sentence, { retryable: false, cause });
}
