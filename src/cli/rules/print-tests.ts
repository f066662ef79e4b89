import type { RuleTestReport } from '../../scoring/run-rule-tests.ts';

/** Failed cases with what came instead, rules without a case, and the count. */
export function printTests(folder: string, { results, untested }: RuleTestReport): string[] {
  const failed = results.flatMap(({ file, line, name, failures }) =>
    failures.map((failure) => `${folder}/${file}:${line}  failed  ${name}: ${failure}`),
  );
  const missing = untested.map((rule) => `${rule.ruleId} is not tested: ${untestedWhy(rule)}`);
  const passed = results.filter((result) => result.failures.length === 0).length;
  return [...failed, ...missing, `${passed} of ${results.length} tests passed`];
}

function untestedWhy(rule: { neverFired: boolean; alwaysFired: boolean }): string {
  if (rule.neverFired && rule.alwaysFired) return 'no case reads it';
  return rule.neverFired ? 'no case makes it fire' : 'no case keeps it from firing';
}
