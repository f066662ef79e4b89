import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { AppError } from '../errors.ts';

const run = promisify(execFile);

/** The user that PostgreSQL runs as when we are root, which it refuses to be. */
export interface ServerAccount {
  uid: number;
  gid: number;
}

/**
 * `undefined` when the server may run as we do. As root: whoever owns the data already, else the machine's
 * `postgres` or `nobody`. Throws `database_unavailable` when there is none.
 */
export async function serverAccount(clusterFolder: string): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(clusterFolder).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const account = findAccount(accounts, 'postgres') ?? findAccount(accounts, 'nobody');
  if (account) return account;
  throw new AppError(
    'database_unavailable',
    'PostgreSQL refuses to run as root and this machine has neither a "postgres" nor a "nobody" user: run First Call as an ordinary user, or set DATABASE_URL.',
    { retryable: false },
  );
}

/** True when the account can enter the folder and list it (every parent folder must let it through). */
export async function canReach(folder: string, account: ServerAccount): Promise<boolean> {
  return canRun('/bin/sh', ['-c', 'cd "$1" && ls . > /dev/null', 'sh', folder], account);
}

/** True when the account can start the program and it ends well. */
export async function canRun(
  file: string,
  args: string[],
  account: ServerAccount,
): Promise<boolean> {
  try {
    await run(file, args, { ...account, cwd: '/', env: {} });
    return true;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && 'code' in error) {
      if (error.code === 'EPERM' || error.code === 'EINVAL') throw mayNotSwitchUser(error);
    }
    return false;
  }
}

function mayNotSwitchUser(cause: unknown): AppError {
  return new AppError(
    'database_unavailable',
    'PostgreSQL refuses to run as root and this process may not start it as another user: run First Call as an ordinary user, or set DATABASE_URL.',
    { retryable: false, cause },
  );
}

function findAccount(passwd: string, name: string): ServerAccount | undefined {
  const line = passwd.split('\n').find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}
