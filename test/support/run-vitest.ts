import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';

export const PROJECT = join(import.meta.dirname, '../..');

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

type VitestReport = z.infer<typeof Report>;

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs a program of the project with its output shown; resolves to its exit code, 124 when it took too long. */
export function runShown(
  args: string[],
  options: { env?: Record<string, string>; limitMs?: number } = {},
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: PROJECT,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    let isLate = false;
    const timer = setTimeout(
      () => {
        isLate = true;
        child.kill('SIGTERM');
        setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
      },
      options.limitMs ?? 2 ** 31 - 1,
    );
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(isLate ? 124 : (code ?? 1));
    });
  });
}

export interface VitestOptions {
  reportPath: string;
  env?: Record<string, string>;
  limitMs?: number;
}

/** More files than this did not fail because a machine stalled. */
const FILES_TO_TRY_AGAIN = 3;

/**
 * Runs Vitest and counts from its own report; a file that does not load and a lost run count as failures. A shared
 * CI machine stalls now and then: there a few files that failed run once more, with the same seed and nothing
 * beside them. Both outputs are shown, and what needed a second try is to be mended.
 */
export async function runVitest(args: string[], options: VitestOptions): Promise<Count> {
  const startedAt = performance.now();
  const first = await runOnce(args, options);
  const failed = failedFiles(first);
  const isStall = failed.length > 0 && failed.length <= FILES_TO_TRY_AGAIN;
  if (process.env.CI !== 'true' || !isStall) return first.count;
  const names = failed.map((path) => relative(PROJECT, path));
  process.stdout.write(`\n== second try: ${names.join(', ')}\n`);
  const { limitMs } = options;
  const second = await runOnce([...names, ...args.filter((arg) => arg.startsWith('--'))], {
    ...options,
    reportPath: options.reportPath.replace(/\.json$/, '-second.json'),
    ...(limitMs === undefined ? {} : { limitMs: limitMs - (performance.now() - startedAt) }),
  });
  return countBoth(first, second);
}

export interface VitestRun {
  report: VitestReport | undefined;
  count: Count;
}

async function runOnce(args: string[], options: VitestOptions): Promise<VitestRun> {
  await rm(options.reportPath, { force: true });
  const code = await runShown(
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${options.reportPath}`,
      ...args,
    ],
    options,
  );
  if (code === 124) {
    process.stdout.write(`Vitest was stopped: it took longer than its limit.\n`);
  }
  const report = await readReport(options.reportPath);
  return { report, count: countFrom(report, code) };
}

function failedFiles({ report }: VitestRun): string[] {
  const results = report?.testResults ?? [];
  return results.filter(({ status }) => status === 'failed').map(({ name }) => name);
}

/** The second run tells of the files that it ran, the first one of the others. */
export function countBoth(first: VitestRun, second: VitestRun): Count {
  const isAgain = new Set(failedFiles(first));
  const others = (first.report?.testResults ?? []).filter(({ name }) => !isAgain.has(name));
  const tests = others.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  return {
    passed: passed + second.count.passed,
    failed: second.count.failed,
    skipped: tests.length - passed + second.count.skipped,
  };
}

async function readReport(path: string): Promise<VitestReport | undefined> {
  try {
    return Report.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

export function countFrom(report: VitestReport | undefined, code: number): Count {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  const failed = report.numFailedTests + unloaded;
  const ran = report.numPassedTests + failed;
  const lost = failed === 0 && (code !== 0 || ran === 0) ? 1 : 0;
  return {
    passed: report.numPassedTests,
    failed: failed + lost,
    skipped: report.numPendingTests,
  };
}
