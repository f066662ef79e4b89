import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimFolder, isClaimed } from '../../src/platform/postgres/embedded-owner.ts';
import { processIdentity } from '../../src/platform/postgres/process-identity.ts';
import { effort } from '../support/effort.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firstcall-owner-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The present claim, as another process would have left it. */
async function writeOwner(text: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name));
  await writeFile(join(folder, 'owner.7.json'), text);
}

/** What the successful ones resolved to. */
async function settle<T>(claims: Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(claims);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

describe('claimFolder', () => {
  it('gives a folder to one of many at once, and again after its release', async () => {
    for (let round = 0; round < effort(20, 1_000); round += 1) {
      const won = await settle(Array.from({ length: 8 }, () => claimFolder(folder)));
      expect(won).toHaveLength(1);
      expect(await isClaimed(folder)).toBe(true);
      await won[0]?.();
      expect(await isClaimed(folder)).toBe(false);
    }
  });

  it('takes over from the dead, once, however many try', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    const identity = await processIdentity(Number(dead.pid));
    await new Promise((resolve) => dead.once('exit', resolve));
    for (let round = 0; round < effort(20, 1_000); round += 1) {
      await writeOwner(JSON.stringify({ pid: dead.pid, identity }));
      expect(await isClaimed(folder)).toBe(false);
      expect(await settle(Array.from({ length: 8 }, () => claimFolder(folder)))).toHaveLength(1);
    }
  });

  it('knows a new process with an old id from the old one', async () => {
    await writeOwner(JSON.stringify({ pid: process.pid, identity: 'an earlier start' }));
    expect(await isClaimed(folder)).toBe(false);
    await claimFolder(folder);
    expect(await isClaimed(folder)).toBe(true);
  });

  it('takes over a claim that nobody can read', async () => {
    await writeOwner('{"pid":');
    await claimFolder(folder);
    expect(JSON.parse(await readFile(join(folder, 'owner.8.json'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
  });

  it('releases once: a second call leaves the next owner alone', async () => {
    const release = await claimFolder(folder);
    await release();
    await claimFolder(folder);
    await release();
    expect(await isClaimed(folder)).toBe(true);
    expect(await readdir(folder)).toEqual(['owner.2.json']);
  });
});
