import type { ParsedRuleFiles } from './read-rule-files.ts';
import type { ProblemList } from './rule-problem.ts';
import type { Ruleset } from './ruleset.ts';

export function lintRules(_parsed: ParsedRuleFiles, _ruleset: Ruleset, _problems: ProblemList) {}
