import { diffRules, type RulesDiff } from '../../scoring/diff-rules.ts';
import { compileFolders, openFolder } from './open-folder.ts';

/** Exit codes: 0 the same, 1 different, 2 a folder cannot be read or does not compile. */
export async function runRulesDiff(
  before: string,
  after: string,
  options: { json: boolean },
): Promise<number> {
  const old = await openFolder(before);
  const current = await openFolder(after);
  if (old === null || current === null) return 2;
  const folders = [
    { folder: before, files: old },
    { folder: after, files: current },
  ];
  if (compileFolders(folders, options) === null) return 2;
  const diff = diffRules(old, current);
  if (diff === null) return 2;
  process.stdout.write(options.json ? `${JSON.stringify(diff, null, 2)}\n` : printed(diff));
  return diff.added.length + diff.removed.length + diff.changed.length === 0 ? 0 : 1;
}

function printed({ added, removed, changed }: RulesDiff): string {
  const lines = [
    ...added.map((id) => `+ ${id}`),
    ...removed.map((id) => `- ${id}`),
    ...changed.map(
      ({ what, before, after }) => `~ ${what}: ${before ?? 'none'} -> ${after ?? 'none'}`,
    ),
  ];
  return lines.length === 0 ? 'The rules say the same.\n' : `${lines.join('\n')}\n`;
}
