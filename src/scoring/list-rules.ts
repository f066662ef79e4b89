import type { Axis } from './assessment.ts';
import { readRuleFiles } from './read-rule-files.ts';
import type { RuleFileName, RuleFiles } from './rule-files.ts';
import { ProblemList } from './rule-problem.ts';

export interface ListedRule {
  ruleId: string;
  file: RuleFileName;
  kind: 'points' | 'stop' | 'floor' | 'ceiling';
  axis: Axis | null;
  points: number | null;
  enabled: boolean;
  when: string;
  why: string;
  group: string | null;
  /** Disqualification code of a stop, tier of a floor or ceiling. */
  effect: string | null;
}

/** All rules, disabled ones included, in the order of the files. Empty when a file cannot be read. */
export function listRules(files: RuleFiles): ListedRule[] {
  const parsed = readRuleFiles(files, new ProblemList());
  if (parsed === null) return [];
  const points = (['fit', 'intent'] as const).flatMap((name) =>
    parsed[name].value.rules.map((rule): ListedRule => {
      const { id, axis, group } = rule;
      const shared = listed(rule, `${name}.yml`);
      return {
        ...shared,
        ruleId: id,
        kind: 'points',
        axis,
        points: rule.points,
        group: group ?? null,
      };
    }),
  );
  const { stops = [], floors = [], ceilings = [] } = parsed.disqualify.value;
  const file = 'disqualify.yml';
  return [
    ...points,
    ...stops.map(
      (rule): ListedRule => ({ ...listed(rule, file), kind: 'stop', effect: rule.code }),
    ),
    ...floors.map(
      (rule): ListedRule => ({ ...listed(rule, file), kind: 'floor', effect: rule.tier }),
    ),
    ...ceilings.map(
      (rule): ListedRule => ({ ...listed(rule, file), kind: 'ceiling', effect: rule.tier }),
    ),
  ];
}

interface AnyRule {
  id: string;
  when: string;
  why?: string | undefined;
  enabled?: boolean | undefined;
}

function listed(rule: AnyRule, file: RuleFileName): Omit<ListedRule, 'kind'> {
  return {
    ruleId: rule.id,
    file,
    axis: null,
    points: null,
    enabled: rule.enabled !== false,
    when: rule.when,
    why: rule.why ?? '',
    group: null,
    effect: null,
  };
}
