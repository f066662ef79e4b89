import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT, runVitest } from './support/run-vitest.ts';
import { drawSeed } from './support/seed.ts';

/*
 * npm run test:long: the suites that have a short and a full size, at full size. They are those that
 * import test/support/effort.ts. `npm run test:long -- PATH` runs only those files.
 */

/** About half an hour on two quiet cores; FIRSTCALL_LONG_MINUTES gives a slow machine more. */
const LIMIT_MS = Number(process.env.FIRSTCALL_LONG_MINUTES ?? 60) * 60_000;
/** 20 kills in each window take a quarter of an hour. */
const TEST_LIMIT_MS = 30 * 60_000;
const RESULTS = join(PROJECT, 'test-results');

const asked = process.argv.slice(2);
const files = asked.length > 0 ? asked : await findSizedSuites();
const seed = drawSeed();

await mkdir(RESULTS, { recursive: true });
await rm(join(RESULTS, 'long.json'), { force: true });
if (files.length === 0) throw new Error('no test file imports test/support/effort.ts');
process.stdout.write(`== long run of ${files.length} files (FIRSTCALL_SEED=${seed})\n`);

const count = await runVitest([...files, `--testTimeout=${TEST_LIMIT_MS}`], {
  reportPath: join(RESULTS, 'long-vitest.json'),
  env: { FIRSTCALL_LONG: '1', FIRSTCALL_SEED: String(seed) },
  limitMs: LIMIT_MS,
});
await writeFile(join(RESULTS, 'long.json'), JSON.stringify([count]));
process.stdout.write(
  `\n== summary: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped (FIRSTCALL_SEED=${seed})\n`,
);
process.exitCode = count.failed > 0 ? 1 : 0;

async function findSizedSuites(): Promise<string[]> {
  const sized: string[] = [];
  for await (const path of glob('test/**/*.test.ts', { cwd: PROJECT })) {
    const source = await readFile(join(PROJECT, path), 'utf8');
    if (/support\/effort\.ts|FIRSTCALL_LONG/.test(source)) sized.push(path);
  }
  return sized.sort();
}
