import { runRuleTests } from '../../scoring/run-rule-tests.ts';
import { openRuleset } from './open-folder.ts';
import { printProblems } from './print-problems.ts';
import { printTests } from './print-tests.ts';

/** Exit codes: 0 every case passed, 1 one failed or the rules do not compile, 2 the folder cannot be read. */
export async function runRulesTest(
  given: string | undefined,
  options: { json: boolean },
): Promise<number> {
  const opened = await openRuleset(given, options);
  if (!opened.ok) return opened.exitCode;
  const { folder, files, ruleset } = opened;
  const report = runRuleTests(ruleset, files);
  const lines = [...printProblems(folder, files, report.problems), ...printTests(folder, report)];
  process.stdout.write(
    options.json ? `${JSON.stringify(report, null, 2)}\n` : `${lines.join('\n')}\n`,
  );
  const isGood =
    report.problems.every(({ severity }) => severity !== 'error') &&
    report.results.every(({ failures }) => failures.length === 0);
  return isGood ? 0 : 1;
}
