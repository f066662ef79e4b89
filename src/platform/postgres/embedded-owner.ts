import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { processIdentity } from './process-identity.ts';

const Owner = z.object({ pid: z.number().int().positive(), identity: z.string() });
type Owner = z.infer<typeof Owner>;

const CLAIM = /^owner\.(\d+)\.json$/;
const ATTEMPTS = 20;

/**
 * Claims a data folder for this process, so that two never run a server on it. A dead owner's claim is taken over.
 * Resolves to a release function; throws `database_locked` when a live process owns the folder.
 *
 * Claims are numbered files and the highest one counts. It is never removed, only followed by the next number
 * once its owner is gone, and of many who try the same number one succeeds: no moment exists in which two win.
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const mine: Owner = {
    pid: process.pid,
    identity: (await processIdentity(process.pid)) ?? 'unknown',
  };
  const draft = join(folder, `owner.${randomUUID()}.draft`);
  await writeFile(draft, JSON.stringify(mine));
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const present = (await claimNumbers(folder)).at(-1) ?? 0;
      const owner = await readOwner(folder, present);
      if (owner && (await isRunning(owner))) throw lockedBy(owner, folder);
      if (await takeNumber(folder, draft, present + 1)) return releaseOnce(folder, present + 1);
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
  const owner = await readOwner(folder, (await claimNumbers(folder)).at(-1) ?? 0);
  return owner !== undefined && (await isRunning(owner));
}

/** A hard link appears with its content or not at all, unlike a file that is created and then written. */
async function takeNumber(folder: string, draft: string, number: number): Promise<boolean> {
  try {
    await link(draft, claimPath(folder, number));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  const numbers = await claimNumbers(folder);
  // Somebody was two steps ahead and had already cleared our number away.
  const isHighest = numbers.at(-1) === number;
  const past = isHighest ? numbers.slice(0, -1) : [number];
  for (const old of past) await rm(claimPath(folder, old), { force: true });
  return isHighest;
}

/** Once: a second call could release what somebody else claimed since. */
function releaseOnce(folder: string, number: number): () => Promise<void> {
  let released = false;
  return async () => {
    if (released) return;
    released = true;
    const path = claimPath(folder, number);
    await writeFile(`${path}.released`, '{}');
    await rename(`${path}.released`, path);
  };
}

async function claimNumbers(folder: string): Promise<number[]> {
  const numbers = (await readdir(folder)).map((name) => CLAIM.exec(name)?.[1]);
  return numbers
    .filter((text) => text !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

function claimPath(folder: string, number: number): string {
  return join(folder, `owner.${number}.json`);
}

async function readOwner(folder: string, number: number): Promise<Owner | undefined> {
  const text = await readFile(claimPath(folder, number), 'utf8').catch(() => '{}');
  try {
    return Owner.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function lockedBy(owner: Owner, folder: string): AppError {
  const who = owner.pid === process.pid ? 'this process' : `process ${owner.pid}`;
  return new AppError(
    'database_locked',
    `The database in ${folder} is already in use by ${who}: stop that First Call first.`,
    { retryable: false },
  );
}

async function isRunning(owner: Owner): Promise<boolean> {
  const now = await processIdentity(owner.pid);
  if (now === undefined) return false;
  return now === owner.identity || now === 'unknown' || owner.identity === 'unknown';
}
