import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { processIdentity } from './process-identity.ts';

const Owner = z.object({ pid: z.number().int().positive(), identity: z.string() });
type Owner = z.infer<typeof Owner>;

const ATTEMPTS = 10;

/**
 * Claims a data folder for this process, so that two never run a server on it. A dead owner's claim is taken over.
 * Resolves to a release function; throws `database_locked` when a live process owns the folder.
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'owner.json');
  const mine: Owner = {
    pid: process.pid,
    identity: (await processIdentity(process.pid)) ?? 'unknown',
  };
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(mine), { mode: 0o644 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (await linkIfAbsent(draft, path)) return releaseOnce(path);
      const found = await readText(path);
      const owner = parseOwner(found);
      if (owner && (await isRunning(owner))) throw lockedBy(owner, folder);
      if (found !== undefined) await removeStale(path, found);
    }
    throw new AppError('database_locked', `${folder} is being claimed by other processes.`, {
      retryable: true,
    });
  } finally {
    await rm(draft, { force: true });
  }
}

/** True when a live process owns the folder. */
export async function isClaimed(folder: string): Promise<boolean> {
  const owner = parseOwner(await readText(join(folder, 'owner.json')));
  return owner !== undefined && (await isRunning(owner));
}

/** Once: a second call could remove the claim of whoever came next. */
function releaseOnce(path: string): () => Promise<void> {
  let released = false;
  return async () => {
    if (released) return;
    released = true;
    await rm(path, { force: true });
  };
}

function lockedBy(owner: Owner, folder: string): AppError {
  const who = owner.pid === process.pid ? 'this process' : `process ${owner.pid}`;
  return new AppError(
    'database_locked',
    `The database in ${folder} is already in use by ${who}: stop that First Call first, or set DATABASE_URL to share one PostgreSQL.`,
    { retryable: false },
  );
}

async function isRunning(owner: Owner): Promise<boolean> {
  const now = await processIdentity(owner.pid);
  if (now === undefined) return false;
  return now === owner.identity || now === 'unknown' || owner.identity === 'unknown';
}

/** A hard link appears with its content or not at all, unlike a file that is created and then written. */
async function linkIfAbsent(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a stale claim away; if somebody else's fresh one was caught instead, puts that back. */
async function removeStale(path: string, expected: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if ((await readText(aside)) !== expected) await linkIfAbsent(aside, path);
  await rm(aside, { force: true });
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function parseOwner(text: string | undefined): Owner | undefined {
  if (text === undefined) return undefined;
  try {
    return Owner.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
