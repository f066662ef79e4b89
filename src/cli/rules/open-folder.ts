import { asAppError } from '../../platform/errors.ts';
import { readRulesFolder } from '../../records/rules-folder.ts';
import { hashRuleFiles } from '../../records/rulesets.ts';
import { compileRuleset, type RuleFiles, type Ruleset } from '../../scoring/compile-ruleset.ts';
import { printProblems } from './print-problems.ts';

/** Null when the folder cannot be read, which is then told. */
export async function openFolder(folder: string): Promise<RuleFiles | null> {
  try {
    return await readRulesFolder(folder);
  } catch (error) {
    process.stderr.write(`${asAppError(error).message}\n`);
    return null;
  }
}

/** Null when the rules do not compile, which is then told. */
export function compileFolder(folder: string, files: RuleFiles): Ruleset | null {
  const compiled = compileRuleset(files, { version: 1, hash: hashRuleFiles(files) });
  if (compiled.ok) return compiled.ruleset;
  process.stderr.write(`${printProblems(folder, files, compiled.problems).join('\n')}\n`);
  return null;
}
