import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../platform/errors.ts';
import type { RuleFiles } from '../scoring/compile-ruleset.ts';

/** All YAML files of a rules folder, tests included. */
export async function readRulesFolder(folder: string): Promise<RuleFiles> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.yml')).sort();
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
  } catch (error) {
    throw new AppError(
      'rules_invalid',
      `The rules folder ${folder} cannot be read: check its path.`,
      { retryable: false, cause: error },
    );
  }
}
