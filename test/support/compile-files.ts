import { compileRuleset, type RuleFiles, type Ruleset } from '../../src/scoring/compile-ruleset.ts';

/** The compiled ruleset, or a failed test that says what is wrong with the files. */
export function compileFiles(files: RuleFiles): Ruleset {
  const result = compileRuleset(files, { version: 7, hash: 'sample-hash' });
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.ruleset;
}
