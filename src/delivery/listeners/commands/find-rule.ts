import type { RuleRow } from '../../views.ts';
import { closeMatches } from './close-matches.ts';

export type FoundRule = { rule: RuleRow } | { near: string[] };

const OFFERED = 3;

/** The rule that was meant: by its id in any case, or by the only id that holds the words; else the nearest ids. */
export function findRule(rules: readonly RuleRow[], typed: string): FoundRule {
  const wanted = typed.toLowerCase().replaceAll(' ', '-');
  const exact = rules.find((each) => each.ruleId === wanted);
  if (exact !== undefined) return { rule: exact };
  const holding = wanted === '' ? [] : rules.filter((each) => each.ruleId.includes(wanted));
  const [only] = holding;
  if (only !== undefined && holding.length === 1) return { rule: only };
  const near =
    holding.length > 0
      ? holding.map((each) => each.ruleId)
      : closeMatches(
          wanted,
          rules.map((each) => each.ruleId),
          OFFERED,
        );
  return { near: near.slice(0, OFFERED) };
}
