import type { Assessment } from './assessment.ts';
import type { HardStop, Ruleset } from './ruleset.ts';

/** The hard stops of these rules that an assessment, perhaps by older rules, says fired, in the order of their ids. */
export function firedStops(
  { stops }: Pick<Ruleset, 'stops'>,
  { reasons }: Pick<Assessment, 'reasons'>,
): HardStop[] {
  return reasons
    .filter(({ kind }) => kind === 'tier')
    .flatMap(({ ruleId }) => stops.find(({ id }) => id === ruleId) ?? []);
}
