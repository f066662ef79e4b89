import type { Reason } from './assessment.ts';
import type { AxisPoints } from './explore-range.ts';
import type { FeatureSnapshot } from './features.ts';
import type { Outcome } from './judge-rules.ts';
import type { Value } from './slots.ts';

/** What all rules say of one lead, before what is missing is looked into. Lists are by index in the ruleset. */
export interface JudgedLead {
  /** By slot. */
  values: Value[];
  /** Milliseconds. */
  now: number;
  outcomes: Outcome[];
  /** After decay. */
  points: number[];
  /** Rules whose decay has no known start. */
  undated: readonly number[];
  bounds: Outcome[];
  stops: Outcome[];
  /** Stops that a missing value could still make fire. */
  openStops: boolean[];
  /** Points before caps. */
  sums: AxisPoints;
  /** In canonical order, without the lines of certainty and tiers. */
  reasons: Reason[];
  /** Where the lines of kind `unknown` begin. */
  firstUnknown: number;
}

/**
 * What is needed of a judged lead when nobody asks what its missing fields could change. `bounds` and `stops` may
 * be empty where none is true.
 */
export interface KnownLead extends Pick<JudgedLead, 'now' | 'sums' | 'reasons'> {
  bounds: readonly Outcome[];
  stops: readonly Outcome[];
}

/** Made once for a ruleset, by closures or as generated code: both give the same. */
export interface Judge {
  judgeLead(snapshot: FeatureSnapshot, now: Date): JudgedLead;
  judgeKnown(snapshot: FeatureSnapshot, now: Date): KnownLead;
}
