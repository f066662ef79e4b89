import { readRulesDir } from '../platform/config.ts';
import { asAppError } from '../platform/errors.ts';
import { readRulesFolder } from '../records/rules-folder.ts';
import { hashRuleFiles } from '../records/rulesets.ts';
import { compileRuleset, type RuleFiles, type RuleProblem } from '../scoring/compile-ruleset.ts';
import { type RuleTestReport, runRuleTests } from '../scoring/run-rule-tests.ts';

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
  const folder = given ?? readRulesDir();
  let files: RuleFiles;
  try {
    files = await readRulesFolder(folder);
  } catch (error) {
    process.stderr.write(`${asAppError(error).message}\n`);
    return 2;
  }
  const checked = checkRules(files);
  if (options.json) process.stdout.write(`${JSON.stringify(checked, null, 2)}\n`);
  else process.stdout.write(printed(folder, checked));
  return checked.ok ? 0 : 1;
}

function printed(folder: string, { problems, tests, ok }: CheckedRules): string {
  const lines = problems.map((problem) => {
    const place = `${folder}/${problem.file}:${problem.line}:${problem.column}`;
    const hint = problem.hint === undefined ? '' : `\n    ${problem.hint}`;
    return `${place}  ${problem.severity}  ${problem.message}${hint}`;
  });
  for (const result of tests?.results ?? []) {
    for (const failure of result.failures) {
      lines.push(`${folder}/${result.file}:${result.line}  failed  ${result.name}: ${failure}`);
    }
  }
  for (const rule of tests?.untested ?? []) {
    lines.push(`${rule.ruleId} is not tested: ${untestedWhy(rule)}`);
  }
  if (tests) {
    const passed = tests.results.filter((result) => result.failures.length === 0).length;
    lines.push(`${passed} of ${tests.results.length} tests passed, ${problems.length} problems`);
  }
  lines.push(ok ? 'The rules are sound.' : 'The rules need attention.');
  return `${lines.join('\n')}\n`;
}

function untestedWhy(rule: { neverFired: boolean; alwaysFired: boolean }): string {
  if (rule.neverFired && rule.alwaysFired) return 'no case reads it';
  return rule.neverFired ? 'no case makes it fire' : 'no case keeps it from firing';
}
