import type { Outcome } from '../lead/crm-outcome.ts';
import type { Tier } from '../scoring/assessment.ts';
import type { DayCounts } from './home/home-views.ts';
import type { LeadRow } from './views.ts';

/** What one person's digest says, as data. */
export interface DigestView {
  userId: string;
  /** Open leads that are routed to them. */
  waiting: number;
  overdue: number;
  /** Of those, the first three in call order. */
  best: LeadRow[];
  outcomes: OverrideOutcome[];
  /** Yesterday in the teams that they look after; null for whoever looks after none. */
  team: DayCounts | null;
}

/** What the CRM said of a lead that they overrode. */
export interface OverrideOutcome {
  shortId: string;
  /** What the rules said when they decided; null when that is not known. */
  fromTier: Tier | null;
  /** Null: they took it off the board. */
  toTier: Tier | null;
  cameOfIt: Outcome;
}
