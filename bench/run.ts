import { readdir } from 'node:fs/promises';
import { describeMachine } from './support/machine.ts';

/* npm run bench -- NAME [--quick]: one benchmark, its machine, and one last line of figures for scripts. */

interface Benchmark {
  run(options: { quick: boolean }): Promise<Record<string, number>>;
}

const [name = '', ...flags] = process.argv.slice(2);
const names = await listBenchmarks();
if (names.includes(name)) {
  const { run } = (await import(`./${name}.ts`)) as Benchmark;
  process.stdout.write(`${describeMachine()}\n`);
  const figures = await run({ quick: flags.includes('--quick') });
  const line = Object.entries(figures).map(([key, value]) => `${key}=${round(value)}`);
  process.stdout.write(`${name}: ${line.join(' ')}\n`);
} else {
  process.stderr.write(`There is no benchmark "${name}": npm run bench -- ${names.join(' | ')}\n`);
  process.exitCode = 64;
}

async function listBenchmarks(): Promise<string[]> {
  const files = await readdir(import.meta.dirname, { withFileTypes: true });
  return files
    .filter((file) => file.isFile() && file.name.endsWith('.ts') && file.name !== 'run.ts')
    .map((file) => file.name.slice(0, -'.ts'.length))
    .sort();
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
