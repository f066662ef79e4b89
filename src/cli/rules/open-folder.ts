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

export async function openRuleset(
  given: string | undefined,
  options: { json: boolean },
): Promise<OpenedRuleset> {
  const opened = await openRules(given);
  if (opened === null) return { ok: false, exitCode: 2 };
  const [ruleset] = compileFolders([opened], options) ?? [];
  return ruleset === undefined ? { ok: false, exitCode: 1 } : { ok: true, ...opened, ruleset };
}

/**
 * The rulesets of these folders. Null when some do not compile, which is then told: in words on standard error,
 * or as `{ ok: false, problems }` on standard output, each problem with its folder.
 */
export function compileFolders(
  folders: readonly { folder: string; files: RuleFiles }[],
  options: { json: boolean },
): Ruleset[] | null {
  const compiled = folders.map(({ folder, files }) => {
    return { folder, files, ...compileRuleset(files, { version: 1, hash: hashRuleFiles(files) }) };
  });
  const broken = compiled.filter((each) => !each.ok);
  if (broken.length === 0) return compiled.flatMap((each) => (each.ok ? [each.ruleset] : []));
  if (options.json) {
    const problems = broken.flatMap((each) =>
      each.problems.map((problem) => ({ folder: each.folder, ...problem })),
    );
    process.stdout.write(`${JSON.stringify({ ok: false, problems }, null, 2)}\n`);
  } else {
    const lines = broken.flatMap((each) => printProblems(each.folder, each.files, each.problems));
    process.stderr.write(`${lines.join('\n')}\n`);
  }
  return null;
}
