import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const Dependencies = z.record(z.string(), z.string()).default({});
const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ dependencies: Dependencies, optionalDependencies: Dependencies }),
  ),
});

/** Where Node would look for `name` from the package at `from`, nearest first. */
function places(from: string, name: string): string[] {
  const levels = from.split('/node_modules/');
  const nested = levels.map((_, depth) => levels.slice(0, depth + 1).join('/node_modules/'));
  const folders = nested.filter((folder) => folder !== '').toReversed();
  return [...folders.map((folder) => `${folder}/node_modules/${name}`), `node_modules/${name}`];
}

describe('package-lock.json', () => {
  // npm writes a lock without the packages that its registry did not have; elsewhere "npm ci" then refuses it.
  it('names every package that another one asks for, of other platforms too', async () => {
    const path = join(import.meta.dirname, '../../package-lock.json');
    const { packages } = Lock.parse(JSON.parse(await readFile(path, 'utf8')));
    const missing = Object.entries(packages).flatMap(([from, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !places(from, name).some((place) => place in packages))
        .map((name) => `${name}, which ${from} asks for`),
    );
    expect(missing).toEqual([]);
  });
});
