import { type ExplainedRule, explainRule } from '../../scoring/explain-rule.ts';
import { listRules } from '../../scoring/list-rules.ts';
import { didYouMean } from '../../scoring/rule-problem.ts';
import { openRuleset } from './open-folder.ts';

/** Exit codes: 0 explained, 1 there is no such rule or the rules do not compile, 2 the folder cannot be read. */
export async function runRulesExplain(
  ruleId: string,
  given: string | undefined,
  options: { json: boolean },
): Promise<number> {
  const opened = await openRuleset(given, options);
  if (!opened.ok) return opened.exitCode;
  const { folder, files, ruleset } = opened;
  const explained = explainRule(ruleset, files, ruleId);
  if (explained === null) {
    const ids = listRules(files).map((rule) => rule.ruleId);
    const hint = didYouMean(ruleId, ids) ?? `Known: ${ids.join(', ')}.`;
    process.stderr.write(`There is no rule "${ruleId}". ${hint}\n`);
    return 1;
  }
  process.stdout.write(
    options.json ? `${JSON.stringify(explained, null, 2)}\n` : printed(folder, explained),
  );
  return 0;
}

function printed(folder: string, rule: ExplainedRule): string {
  const rows: [string, string | null][] = [
    ['does', rule.does],
    ['when', rule.when],
    ['reads', rule.reads.join(', ') || 'nothing'],
    ['says', rule.why === '' ? 'what it read' : rule.why],
    ['fades', rule.decay],
    ['group', rule.group],
    ['until', rule.expires],
    ['owner', rule.owner],
    ['note', rule.note],
    ['fires in', quoted(rule.tests.fires)],
    ['silent in', quoted(rule.tests.silent)],
    ['unknown in', quoted(rule.tests.unknown)],
  ];
  const lines = rows.flatMap(([name, text]) =>
    text === null ? [] : [`  ${name.padEnd(10)}  ${text}`],
  );
  const off = rule.enabled ? '' : '  (switched off)';
  return `${[`${rule.ruleId}${off}  ${folder}/${rule.file}:${rule.line}`, ...lines].join('\n')}\n`;
}

function quoted(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const shown = names.slice(0, 3).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}
