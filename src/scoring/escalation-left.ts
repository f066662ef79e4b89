import type { Tier } from './assessment.ts';
import type { EscalationLeft } from './rule-files.ts';

/** Whom a lead that nobody has taken is brought before, in this order. */
export const ESCALATION_STEPS = ['rep', 'team', 'manager'] as const;
export type EscalationStep = (typeof ESCALATION_STEPS)[number];

/** What counts where routing.yml says nothing. */
export const DEFAULT_ESCALATION: { tiers: Tier[] } & Record<EscalationStep, EscalationLeft> = {
  tiers: ['A', 'B'],
  rep: '50%',
  team: ['15m', '20%'],
  manager: '0m',
};

/** Of the time to the deadline, how many minutes are left at a step. Of several, the shortest; null: never. */
export function minutesLeft(left: EscalationLeft, slaMinutes: number): number | null {
  if (left === 'never') return null;
  const each = (typeof left === 'string' ? [left] : left).map((text) => {
    const number = Number.parseInt(text, 10);
    return text.endsWith('%') ? (slaMinutes * number) / 100 : number;
  });
  return Math.min(slaMinutes, ...each);
}
