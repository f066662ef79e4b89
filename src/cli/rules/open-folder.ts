import { readRulesDir } from '../../platform/config.ts';
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

/** The configured rules folder, or the one that was named. Null when it cannot be read, which is then told. */
export async function openRules(
  given: string | undefined,
): Promise<{ folder: string; files: RuleFiles } | null> {
  const folder = given ?? readRulesDir();
  const files = await openFolder(folder);
  return files === null ? null : { folder, files };
}

export type OpenedRuleset =
  | { ok: true; folder: string; files: RuleFiles; ruleset: Ruleset }
  /** What was wrong is told; 1: the rules do not compile, 2: the folder cannot be read. */
  | { ok: false; exitCode: 1 | 2 };

export async function openRuleset(given: string | undefined): Promise<OpenedRuleset> {
  const opened = await openRules(given);
  if (opened === null) return { ok: false, exitCode: 2 };
  const ruleset = compileFolder(opened.folder, opened.files);
  return ruleset === null ? { ok: false, exitCode: 1 } : { ok: true, ...opened, ruleset };
}

/** Null when the rules do not compile, which is then told. */
export function compileFolder(folder: string, files: RuleFiles): Ruleset | null {
  const compiled = compileRuleset(files, { version: 1, hash: hashRuleFiles(files) });
  if (compiled.ok) return compiled.ruleset;
  process.stderr.write(`${printProblems(folder, files, compiled.problems).join('\n')}\n`);
  return null;
}
