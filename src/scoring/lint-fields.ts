import { CUSTOM_ROOT } from './features.ts';
import type { ParsedRuleFiles } from './read-rule-files.ts';
import type { ProblemList } from './rule-problem.ts';
import type { Ruleset } from './ruleset.ts';

/** Fields of the team's own that no condition and no `why` reads. */
export function lintFields(parsed: ParsedRuleFiles, ruleset: Ruleset, problems: ProblemList): void {
  const read = new Set(ruleset.slots.map((slot) => ('field' in slot ? slot.name : '')));
  for (const key of Object.keys(parsed.model.value.fields ?? {})) {
    const name = `${CUSTOM_ROOT}.${key}`;
    if (read.has(name)) continue;
    const at = parsed.model.locate(['fields', key])();
    const hint = 'Read it in a condition, or take it out.';
    problems.add('warning', 'model.yml', at, `No rule reads "${name}"`, hint);
  }
}
