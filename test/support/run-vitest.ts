import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

export const PROJECT = join(import.meta.dirname, '../..');

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

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

/** Runs Vitest and counts from its own report; a file that does not load and a lost run count as failures. */
export async function runVitest(
  args: string[],
  options: { reportPath: string; env?: Record<string, string>; limitMs?: number },
): Promise<Count> {
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
  return countFrom(await readReport(options.reportPath), code);
}

async function readReport(path: string): Promise<z.infer<typeof Report> | undefined> {
  try {
    return Report.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function countFrom(report: z.infer<typeof Report> | undefined, code: number): Count {
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
