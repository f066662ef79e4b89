import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Count, PROJECT, runShown, runVitest } from './support/run-vitest.ts';
import { drawSeed } from './support/seed.ts';

/* npm test: every check that a change must pass. `npm test -- PATH` runs only those test files. */

const RESULTS = join(PROJECT, 'test-results');
const files = process.argv.slice(2);
const seed = drawSeed();
const startedAt = performance.now();
const summary: [string, Count][] = [];

await mkdir(RESULTS, { recursive: true });
await rm(join(RESULTS, 'check.json'), { force: true });

await step('lint', () => tool('node_modules/@biomejs/biome/bin/biome', 'check'));
await step('types', () => tool('node_modules/typescript/bin/tsc', '--noEmit'));
if (existsSync(join(PROJECT, 'demo/page/tsconfig.json'))) {
  await step('types of the demo page', () =>
    tool('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'demo/page'),
  );
}
await step(`tests (FIRSTCALL_SEED=${seed})`, () =>
  runVitest(files, {
    reportPath: join(RESULTS, 'check-vitest.json'),
    env: { FIRSTCALL_SEED: String(seed) },
  }),
);
await finish();

async function step(name: string, run: () => Promise<Count>): Promise<void> {
  process.stdout.write(`\n== ${name}\n`);
  summary.push([name, await run()]);
}

async function tool(...args: string[]): Promise<Count> {
  const isGood = (await runShown(args)) === 0;
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 };
}

async function finish(): Promise<void> {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(`\n== summary (${seconds} s)\n`);
  for (const [name, { passed, failed, skipped }] of summary) {
    const left = skipped > 0 ? `, ${skipped} skipped` : '';
    process.stdout.write(
      `${failed > 0 ? 'FAILED' : 'passed'}  ${name}: ${passed} passed, ${failed} failed${left}\n`,
    );
  }
  const counts = summary.map(([, count]) => count);
  await writeFile(join(RESULTS, 'check.json'), JSON.stringify(counts));
  process.exitCode = counts.some(({ failed }) => failed > 0) ? 1 : 0;
}
