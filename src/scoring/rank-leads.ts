import { TIERS, type Tier } from './assessment.ts';

export interface RankedItem {
  id: string;
  /** An override counts. */
  effectiveTier: Tier;
  slaDueAt: Date | null;
  points: number;
  receivedAt: Date;
}

export const DUE_SOON_MS = 15 * 60_000;

/**
 * Call order: effective tier, then SLA breached or due within 15 minutes, then points, then first
 * received, then id. Disqualified leads are not ranked: the caller leaves them out.
 */
export function rankLeads<T extends RankedItem>(items: readonly T[], now: Date): T[] {
  const dueBy = now.getTime() + DUE_SOON_MS;
  const isPressing = (item: T) => item.slaDueAt !== null && item.slaDueAt.getTime() <= dueBy;
  return [...items].sort(
    (a, b) =>
      TIERS.indexOf(a.effectiveTier) - TIERS.indexOf(b.effectiveTier) ||
      Number(isPressing(b)) - Number(isPressing(a)) ||
      b.points - a.points ||
      a.receivedAt.getTime() - b.receivedAt.getTime() ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}
