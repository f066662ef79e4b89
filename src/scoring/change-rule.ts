import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { RULE_FILE_NAMES, type RuleFiles } from './rule-files.ts';
import { didYouMean } from './rule-problem.ts';

export type ChangeRuleResult = { ok: true; files: RuleFiles } | { ok: false; message: string };

const SECTIONS = ['rules', 'stops', 'floors', 'ceilings'];

/**
 * Changes one rule's points or switches it on or off, in the YAML itself: comments, order and the other
 * files stay as they are. The result still has to be compiled.
 */
export function changeRule(
  files: RuleFiles,
  ruleId: string,
  change: { points?: number; enabled?: boolean },
): ChangeRuleResult {
  const known: string[] = [];
  for (const name of RULE_FILE_NAMES) {
    const text = files[name];
    if (text === undefined || name === 'model.yml' || name === 'routing.yml') continue;
    const document = parseDocument(text);
    if (document.errors.length > 0) return { ok: false, message: `${name} is not valid YAML.` };
    for (const rule of rulesIn(document.contents)) {
      const id = String(rule.get('id'));
      known.push(id);
      if (id !== ruleId) continue;
      const refused = apply(rule, ruleId, change);
      if (refused !== null) return { ok: false, message: refused };
      const changed = document.toString({ lineWidth: 0, flowCollectionPadding: true });
      return { ok: true, files: { ...files, [name]: changed } };
    }
  }
  const hint = didYouMean(ruleId, known);
  const message = `There is no rule "${ruleId}".${hint === undefined ? '' : ` ${hint}`}`;
  return { ok: false, message };
}

function rulesIn(contents: unknown): YAMLMap[] {
  if (!isMap(contents)) return [];
  return SECTIONS.flatMap((section) => {
    const list = contents.get(section);
    return isSeq(list) ? list.items.filter((item) => isMap(item)) : [];
  });
}

/** Null when done, else the sentence that says why not. */
function apply(
  rule: YAMLMap,
  ruleId: string,
  change: { points?: number; enabled?: boolean },
): string | null {
  const { points, enabled } = change;
  if (points !== undefined) {
    if (!rule.has('points')) return `"${ruleId}" has no points: it decides the tier by itself.`;
    if (!Number.isInteger(points) || points < -100 || points > 100) {
      return 'Points are a whole number between -100 and 100.';
    }
    rule.set('points', points);
  }
  if (enabled === false) rule.set('enabled', false);
  if (enabled === true && rule.has('enabled')) rule.delete('enabled');
  return null;
}
