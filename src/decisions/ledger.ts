import type { Tier } from '../scoring/assessment.ts';

export const DECISION_KINDS = [
  'accepted',
  'overridden',
  'snoozed',
  'disqualified',
  'reassigned',
  'handed_over',
  'released',
  'undone',
] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];

/** Had the rep worked the lead before disagreeing? An override after a call weighs more than one before. */
export const WORKED = ['no', 'tried', 'reached'] as const;
export type Worked = (typeof WORKED)[number];

/** Where the person decided; `notice` is a direct message. */
export const SURFACES = [
  'board',
  'hot',
  'why',
  'next',
  'home',
  'queue',
  'command',
  'notice',
] as const;
export type Surface = (typeof SURFACES)[number];

/** Common to every decision. `actor` comes from the signed request, never from a button's value. */
export interface DecisionContext {
  leadId: string;
  /** Slack user id. */
  actor: string;
  surface: Surface;
  /** Same key, same decision: a double click or a retry has one effect. */
  idempotencyKey: string;
  traceId: string;
}

/** The lead as its decision's answer names it. Contact details are for the one who accepted only. */
export interface DecidedLead {
  leadId: string;
  shortId: string;
  /** "Dana Sample, Head of Operations at Example Freight"; plain text, unescaped. */
  name: string;
  effectiveTier: Tier;
  phone: string | null;
  email: string | null;
  crmUrl: string | null;
}

export type DecisionResult =
  | { kind: 'recorded'; decisionId: string; lead: DecidedLead; undoUntil: Date | null }
  /** The same idempotency key was recorded before. */
  | { kind: 'repeated'; decisionId: string; lead: DecidedLead; undoUntil: Date | null }
  /** Somebody else has it: the first click won. */
  | { kind: 'taken'; by: string; at: Date; lead: DecidedLead }
  /** The lead's state does not allow this any more. */
  | { kind: 'not_possible'; message: string; lead: DecidedLead }
  | { kind: 'not_found' }
  | { kind: 'refused'; message: string }
  /** What was decided upon is not what counts now: to be shown anew before it is decided. */
  | StaleResult
  /** Possible, and may do harm: only with the person's word that they mean it. */
  | { kind: 'needs_confirmation'; lead: DecidedLead };

export type StaleResult = { kind: 'stale'; lead: DecidedLead } & (
  | { because: 'rules_changed' | 'not_offered' | 'tier_changed' }
  /** Somebody overrode it since the form was opened. */
  | { because: 'overridden'; by: string; at: Date; toTier: Tier }
  /** It is with somebody else since, or with nobody. */
  | { because: 'moved'; rep: string | null }
  | { because: 'accepted'; by: string; at: Date }
);

export interface OverrideInput {
  /** What it should be; null: it should not be on the board at all (disqualify). */
  toTier: Tier | null;
  reasonCode: string;
  /** Rule ids of the why lines that the rep marked wrong. */
  blamedRules: string[];
  worked: Worked;
  note: string | null;
  shown: ShownScore;
}

/** What they looked at when they decided. Absent: not compared. */
export interface ShownScore {
  rulesetVersion: number;
  /** When the assessment was made (ISO 8601). */
  scoredAt: string;
  tier?: Tier | undefined;
  /** Id of the override that stood; null: none. */
  overrideId?: string | null | undefined;
}

/** With whom the lead was when the form was opened, and whether they had accepted it. */
export interface ShownHolder {
  rep: string | null;
  accepted: boolean;
}

export interface HandOverOptions {
  /** For the receiver. Free text, so kept where it can be erased. */
  note?: string | null;
  /** Who had the lead (or was to call it) when the form was opened; another by now: refused. Absent: not compared. */
  shownRep?: string | null;
}

/** Port: what people decided. Append-only; a correction is a new row. */
export interface Ledger {
  accept(context: DecisionContext): Promise<DecisionResult>;
  /**
   * Reason code, wrong lines and tier must be such as the live rules and the lead's own score offer: nothing
   * that comes back from a form is believed. `stale` too when somebody overrode it since, or its tier changed.
   */
  override(context: DecisionContext, input: OverrideInput): Promise<DecisionResult>;
  /** "Not mine": a reassignment, not an override. `toMember` null: back to the team's board. Told to a rep who loses it. */
  reassign(context: DecisionContext, toMember: string | null): Promise<DecisionResult>;
  /**
   * To a colleague: the lead is open, routed to them and due as before, and theirs once they accept it. By the
   * one who has it, or by anybody while nobody has. The receiver is told. Refused for a receiver who has no
   * role here, is away, or whose account is switched off.
   */
  handOver(
    context: DecisionContext,
    toMember: string,
    options?: HandOverOptions,
  ): Promise<DecisionResult>;
  /**
   * For managers: to this member or, with null, back to the team's board, whoever has it now. Who gets it is
   * told, and who loses it. Receivers as in `handOver`; neither counts as an override anywhere. `stale` when the
   * lead is not with whom it was `shown`; absent: not compared.
   */
  assign(
    context: DecisionContext,
    toMember: string | null,
    shown?: ShownHolder,
  ): Promise<DecisionResult>;
  /** `until` is later than now and at most 30 days away; refused otherwise. Who had it gets it back then. */
  snooze(context: DecisionContext, until: Date): Promise<DecisionResult>;
  /**
   * A manager lets a held lead go on: to scoring again, or onto the board when a hard stop held it. Somebody
   * who asked not to be contacted is let go only when `confirmed`.
   */
  release(context: DecisionContext, options?: { confirmed: boolean }): Promise<DecisionResult>;
  /** Within five minutes, by the one who decided: a new row that names the undone one. */
  undo(context: Omit<DecisionContext, 'leadId'> & { decisionId: string }): Promise<DecisionResult>;
}
