import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLongRun } from '../support/effort.ts';
import { PLANTED_BUGS, type PlantedBug } from './mutations/planted-bugs.ts';

/*
 * Do the proofs notice when the engine is wrong? Each planted bug goes into a copy of the sources, and some
 * proof must fail there. `npm test` only sees that every bug can still be planted.
 */

const PROJECT = join(import.meta.dirname, '../..');
/** Always the same draws: whether the proofs can see a bug must not depend on the day. */
const SEED = 12;
const RUNS = 50;
/** For a bug that shows itself only at the edge of a window: fewer than the proofs themselves draw. */
const MORE_RUNS = 1_000;
const run = promisify(execFile);

async function planted({ name, file, find, replace }: PlantedBug): Promise<string> {
  const source = await readFile(join(PROJECT, file), 'utf8');
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`"${name}" fits ${places} places of ${file}, not one`);
  return source.replace(find, () => replace);
}

describe('planted bugs', { timeout: 300_000 }, () => {
  it.each(PLANTED_BUGS.map((bug) => [bug.name, bug] as const))(
    'can be planted: %s',
    async (_, bug) => {
      expect(await planted(bug)).toContain(bug.replace);
    },
  );
});

describe.runIf(isLongRun)('the proofs', { timeout: 600_000 }, () => {
  let copy: string;
  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'firstcall-mutants-'));
    for (const part of ['src', 'test', 'package.json']) {
      await cp(join(PROJECT, part), join(copy, part), { recursive: true });
    }
    await symlink(join(PROJECT, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rm(copy, { recursive: true, force: true }));

  async function prove(runs = RUNS): Promise<string> {
    const script = join(copy, 'test/scoring/mutations/prove.ts');
    const { stdout } = await run(process.execPath, [script, String(SEED), String(runs)]);
    return stdout.trim();
  }

  it('hold without a bug', async () => {
    expect(await prove()).toBe('survived');
  });

  it('catch every planted bug', async () => {
    const survivors: string[] = [];
    for (const bug of PLANTED_BUGS) {
      const original = await readFile(join(PROJECT, bug.file), 'utf8');
      await writeFile(join(copy, bug.file), await planted(bug));
      const first = await prove();
      const outcome = first === 'survived' ? await prove(MORE_RUNS) : first;
      await writeFile(join(copy, bug.file), original);
      const words = outcome === 'survived' ? 'SURVIVED' : `killed by "${outcome}"`;
      process.stdout.write(`planted bug "${bug.name}": ${words}\n`);
      if (outcome === 'survived') survivors.push(bug.name);
    }
    const killed = PLANTED_BUGS.length - survivors.length;
    process.stdout.write(`planted bugs: ${killed} killed, ${survivors.length} survived\n`);
    expect(survivors).toEqual([]);
  });
});
