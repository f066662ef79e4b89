import type { DecisionKind, Worked } from '../decisions/ledger.ts';
import type { Outcome } from '../lead/crm-outcome.ts';
import type { LeadState } from '../lead/lead.ts';
import type { Assessment, Reason, ScoreRange, Tier } from '../scoring/assessment.ts';
import type { Contrast } from '../scoring/contrast-assessments.ts';
import type { NearMiss } from '../scoring/near-misses.ts';

/*
 * What the Slack surfaces show, as data: queries fill these, builders turn them into blocks.
 * Every string that came from a lead is raw here; builders escape it.
 */

/** A lead in a list. */
export interface LeadRow {
  leadId: string;
  shortId: string;
  personName: string | null;
  title: string | null;
  company: string | null;
  /** What they asked for: the start of the message, one line; null when there was none. */
  asked: string | null;
  /** A message before that one named topics which still count. */
  askedEarlier: boolean;
  tier: Tier;
  /** The override, where there is one; it decides the rank. */
  effectiveTier: Tier;
  points: number;
  fitPoints: number;
  intentPoints: number;
  range: ScoreRange;
  possibleTiers: Tier[];
  slaDueAt: Date | null;
  receivedAt: Date;
  /** Slack user id of the rep it is routed to, or who accepted it. */
  rep: string | null;
  /** That rep's display name; null while Slack has not told it. */
  repName: string | null;
  state: LeadState;
  /** When `rep` took it; `afterMs`: how long after Slack first showed it. Null while nobody has it. */
  accepted: { at: Date; afterMs: number | null } | null;
  snoozedUntil: Date | null;
  /** The line that explains it: what set the tier, with 0 points, else the strongest rule with its points. */
  why: { points: number; text: string } | null;
  /** The strongest rule in the other direction; null or absent where there is none. */
  other?: { points: number; text: string } | null;
  /** On a board: it has just come, or stood there with another score within the hour. */
  news?: { kind: 'new' } | { kind: 'was'; tier: Tier; points: number };
  /** How many missing values keep the score from being exact. */
  missingCount: number;
  crmUrl: string | null;
}

export interface BoardView {
  team: string;
  channelId: string;
  /** In call order, at most ten. */
  leads: LeadRow[];
  /** Open leads on this board in all, shown ones included. */
  openCount: number;
  /** Of the whole deployment, for the footer. */
  held: HeldCounts;
  /** The live one. */
  rulesetVersion: number;
  /** Of shown leads that are not scored with the live one yet, ascending. */
  olderVersions?: number[];
  computedAt: Date;
  revision: number;
}

export interface HotLeadView {
  lead: LeadRow;
  reasons: Reason[];
  rulesetVersion: number;
  /** Display name of who overrode it; null while Slack has not told it. */
  overridden: { byName: string | null; toTier: Tier | null } | null;
  /** False: its rep is named without a ping, as they asked. Absent: mentioned. */
  pings?: boolean;
  /** Slack user id of the one person who sees this copy, in a direct message. */
  viewer?: string;
}

/** One thing that happened to a hot lead since its message was posted. Names are null while Slack has not told them. */
export type ThreadNews =
  | {
      kind: 'decision';
      decision: Exclude<DecisionKind, 'undone'>;
      byName: string | null;
      toTier: Tier | null;
      /** As the live rules call it. */
      reason: string | null;
      /** Who has it now; null: nobody. */
      to: { name: string | null } | null;
      snoozedUntil: Date | null;
      /** From the first time that Slack showed it. */
      afterMs: number | null;
    }
  | { kind: 'undone'; byName: string | null; decision: DecisionKind }
  | { kind: 'score'; tier: Tier; points: number; contrast: Contrast }
  | { kind: 'outcome'; outcome: Outcome }
  | { kind: 'closed'; reason: string };

/** What the thread of a hot lead has not told yet, oldest first. */
export interface ThreadView {
  shortId: string;
  news: ThreadNews[];
}

export interface DecisionHistoryRow {
  kind: DecisionKind;
  actor: string;
  at: Date;
  fromTier: Tier | null;
  toTier: Tier | null;
  reasonCode: string | null;
  blamedRules: string[];
  worked: Worked | null;
  /** For managers; null when none was left, or when it is erased. What goes with a lead to a colleague is theirs alone. */
  note: string | null;
  /** Whom it was given to; null: to nobody. */
  toMember: string | null;
  undone: boolean;
}

/** Everything about one lead's score. */
export interface WhyView {
  lead: LeadRow;
  assessment: Assessment;
  /** The one before it; null for the first. */
  previous: Assessment | null;
  /** What would lift the tier that the rules give, the most plausible first; at most three. */
  nearMisses: NearMiss[];
  /** The present score left out. This and the next two: the newest, newest first. */
  history: { scoredAt: Date; points: number; tier: Tier; rulesetVersion: number }[];
  decisions: DecisionHistoryRow[];
  /** How many there are of each in all. */
  counts: Record<'history' | 'decisions' | 'touches', number>;
  touches: { source: string; leadSource: string | null; campaign: string | null; at: Date }[];
  /** Why this rep and team. */
  routedBecause: string | null;
  /** Id of the override that stands; null: none. */
  overrideId: string | null;
}

/** The rules came to agree with somebody's override, or moved further from it. */
export interface OverrideNewsView {
  leadId: string;
  shortId: string;
  /** What the override said. */
  toTier: Tier;
  before: Assessment;
  after: Assessment;
}

export interface QueueView {
  userId: string;
  /** In call order over all channels, at most twenty of `mineCount`. */
  mine: LeadRow[];
  mineCount: number;
  /** Newest first, at most twenty of `acceptedCount`. */
  accepted: LeadRow[];
  acceptedCount: number;
}

export interface FoundLeads {
  /** The newest first, at most five. */
  leads: LeadRow[];
  /** There are others that match as well. */
  more: boolean;
}

/** `broken`: could not be read or scored, somebody must mend it. `stopped`: a rule said so, somebody may look. */
export interface HeldCounts {
  broken: number;
  stopped: number;
}

export interface HeldList {
  /** The oldest first, at most fifty. */
  rows: HeldLeadRow[];
  /** All of them. */
  count: number;
}

export type HeldView = Record<keyof HeldCounts, HeldList>;

export interface FoundHeld {
  /** The longest held first, at most five. */
  rows: (HeldLeadRow & { leadId: string })[];
  /** There are others that match as well. */
  more: boolean;
}

export interface HeldLeadRow {
  /** Lead id when a lead exists, else null (the webhook itself is held). */
  leadId: string | null;
  eventId: string | null;
  label: string;
  reason: string;
  detail: string;
  /** When it was held; for a webhook item, when it came. */
  since: Date;
  /** The person asked not to be contacted: releasing it asks first. */
  optedOut?: boolean;
}

export interface RuleRow {
  ruleId: string;
  file: string;
  axis: 'fit' | 'intent' | null;
  points: number | null;
  enabled: boolean;
  when: string;
  why: string;
}

/** What a rule change would do to the open leads. */
export interface RulePreview {
  openCount: number;
  /** Leads whose tier would change. */
  moved: {
    shortId: string;
    name: string;
    fromTier: Tier;
    toTier: Tier;
    fromPoints: number;
    toPoints: number;
  }[];
  /** Leads whose points, but not tier, would change. */
  repointed: number;
  /** Leads that would change team or rep; ids of teams. */
  rerouted: { shortId: string; fromTeam: string; toTeam: string }[];
}

export interface Proportion {
  hits: number;
  n: number;
  /** Null when n is below the minimum: withheld, and the presenter says so. */
  rate: number | null;
  low: number | null;
  high: number | null;
}

/** Where one rule counts, and what people made of it. */
export interface RuleActivityView {
  openCount: number;
  /** Open leads in whose score it fired. */
  firesOn: number;
  /** Leads that it holds off the board. */
  holds: number;
  /** The period of the rates below, in days up to now. */
  days: number;
  /** Overrides where it fired, over decisions where it fired. */
  overridden: Proportion;
  /** Decisions that marked it as wrong, over decisions where it fired. */
  blamed: Proportion;
  minimumN: number;
}

export interface ReportView {
  from: Date;
  to: Date;
  conservation: {
    received: number;
    merged: number;
    delivered: number;
    held: number;
    inFlight: number;
    /** Test leads, in no other part. */
    tests: number;
    /** True when received = merged + delivered + held + inFlight + tests. */
    balanced: boolean;
  };
  decisions: {
    accepted: number;
    overridden: number;
    disqualified: number;
    snoozed: number;
    reassigned: number;
    handedOver: number;
    undone: number;
  };
  overrideRate: Proportion;
  overrideByTier: { tier: Tier; proportion: Proportion }[];
  overrideByRule: { ruleId: string; proportion: Proportion; blamed: Proportion }[];
  timeToAccept: { n: number; medianMs: number | null; p90Ms: number | null };
  minimumN: number;
}
