import type { Selectable } from 'kysely';
import type { DecisionsTable } from '../platform/postgres/tables.ts';
import type { LeadRecord } from '../records/leads.ts';
import type { Tx } from './decision-records.ts';
import type { DecidedLead, DecisionContext, DecisionKind, DecisionResult } from './ledger.ts';

type NewDecision = Partial<
  Pick<
    Selectable<DecisionsTable>,
    'to_tier' | 'reason_code' | 'blamed_rules' | 'worked' | 'to_member' | 'snoozed_until'
  >
>;
type LeadChange = Partial<{
  state: LeadRecord['state'];
  override_tier: LeadRecord['override_tier'];
  accepted_by: string | null;
  accepted_at: Date | null;
  snoozed_until: Date | null;
  closed_reason: string | null;
  held_reason: string | null;
  held_detail: string | null;
  score_due_at: Date;
}>;

/** A decision that has just been written, and the lead as it was before. */
export interface Decided {
  decisionId: string;
  context: DecisionContext;
  lead: LeadRecord;
  now: Date;
}

/** What a decision changes besides adding its row. */
export interface DecisionPlan {
  kind: Exclude<DecisionKind, 'undone'>;
  row: NewDecision;
  change(lead: LeadRecord, now: Date): LeadChange;
  undoable: boolean;
  note?: string | null;
  /** Goes ahead whoever has the lead: a manager's word. */
  overrules?: boolean;
  /** What else stands in the way, before anything is written. */
  refusal?(tx: Tx, lead: LeadRecord, named: DecidedLead, now: Date): Promise<DecisionResult | null>;
  /** Runs in the same transaction, after the row. */
  afterwards?(tx: Tx, decided: Decided): Promise<void>;
}
