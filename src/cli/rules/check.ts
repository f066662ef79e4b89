import { hashRuleFiles } from '../../records/rulesets.ts';
import { compileRuleset, type RuleFiles, type RuleProblem } from '../../scoring/compile-ruleset.ts';
import { type RuleTestReport, runRuleTests } from '../../scoring/run-rule-tests.ts';
import { openRules } from './open-folder.ts';
import { printProblems } from './print-problems.ts';
import { printTests } from './print-tests.ts';

export interface CheckedRules {
  problems: RuleProblem[];
  tests: RuleTestReport | null;
  ok: boolean;
}

/** Everything that can be said of a rules folder without a database: problems, and the tests beside it. */
export function checkRules(files: RuleFiles): CheckedRules {
  const compiled = compileRuleset(files, { version: 1, hash: hashRuleFiles(files) });
  if (!compiled.ok) return { problems: compiled.problems, tests: null, ok: false };
  const tests = runRuleTests(compiled.ruleset, files);
  const problems = [...compiled.warnings, ...tests.problems];
  const failed = tests.results.some((result) => result.failures.length > 0);
  const broken = problems.some((problem) => problem.severity === 'error');
  return { problems, tests, ok: !failed && !broken };
}

/**
 * @param given the folder; undefined: the configured one
 * @returns the exit code: 0 all is well, 1 something is wrong with the rules, 2 the folder cannot be read
 */
export async function runRulesCheck(
  given: string | undefined,
  options: { json: boolean },
): Promise<number> {
  const opened = await openRules(given);
  if (opened === null) return 2;
  const { folder, files } = opened;
  const checked = checkRules(files);
  if (options.json) process.stdout.write(`${JSON.stringify(checked, null, 2)}\n`);
  else process.stdout.write(printed(folder, files, checked));
  return checked.ok ? 0 : 1;
}

function printed(folder: string, files: RuleFiles, { problems, tests, ok }: CheckedRules): string {
  const lines = printProblems(folder, files, problems);
  if (tests !== null) lines.push(...printTests(folder, tests));
  lines.push(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
  lines.push(ok ? 'The rules are sound.' : 'The rules need attention.');
  return `${lines.join('\n')}\n`;
}
