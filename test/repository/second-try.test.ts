import { describe, expect, it } from 'vitest';
import { countBoth, countFrom, type VitestRun } from '../support/run-vitest.ts';

type Status = 'passed' | 'failed' | 'pending';

/** As Vitest reports it: a file failed when one of its tests did, or when it did not load. */
function run(files: Record<string, Status[]>): VitestRun {
  const all = Object.values(files).flat();
  const count = (status: Status) => all.filter((one) => one === status).length;
  const report = {
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending'),
    testResults: Object.entries(files).map(([name, tests]) => ({
      name,
      status: tests.includes('failed') || tests.length === 0 ? 'failed' : 'passed',
      assertionResults: tests.map((status) => ({ status })),
    })),
  };
  const isGood = report.testResults.every(({ status }) => status === 'passed');
  return { report, count: countFrom(report, isGood ? 0 : 1) };
}

describe('the second try of test files that failed', () => {
  const first = run({
    'good.test.ts': ['passed', 'passed', 'pending'],
    'late.test.ts': ['passed', 'failed'],
  });

  it('counts each file once: what ran again as it ended then', () => {
    const second = run({ 'late.test.ts': ['passed', 'passed'] });

    expect(countBoth(first, second)).toEqual({ passed: 4, failed: 0, skipped: 1 });
  });

  it('is lost when a test fails again, a file does not load, or nothing ran', () => {
    const again = run({ 'late.test.ts': ['passed', 'failed'] });
    const unloaded = run({ 'late.test.ts': [] });
    const stopped = { report: undefined, count: countFrom(undefined, 124) };

    expect(countBoth(first, again)).toEqual({ passed: 3, failed: 1, skipped: 1 });
    expect(countBoth(first, unloaded).failed).toBe(1);
    expect(countBoth(first, stopped).failed).toBe(1);
  });
});
