import { z } from 'zod';
import { FeatureValue } from './features.ts';

export const TIERS = ['A', 'B', 'C', 'D'] as const;
export const Tier = z.enum(TIERS);
export type Tier = z.infer<typeof Tier>;

export const Axis = z.enum(['fit', 'intent']);
export type Axis = z.infer<typeof Axis>;

/**
 * - `rule`: a rule fired (full points, before decay)
 * - `decay`: what time took away from a rule's points
 * - `group`: what a `max` or `sum` group took away
 * - `cap`: what an axis cap took away
 * - `clamp`: what keeps an axis or the score from going below 0
 * - `certain`: known points moved to the nearer bound of the range
 * - `unknown`: a rule that could not be judged; always 0 points
 * - `tier`: a tier floor or a hard stop that changes the tier; always 0 points
 *
 * Lines of a why stand in this order.
 */
export const ReasonKind = z.enum([
  'rule',
  'decay',
  'group',
  'cap',
  'clamp',
  'certain',
  'unknown',
  'tier',
]);
export type ReasonKind = z.infer<typeof ReasonKind>;

/** One line of the why. Points over all reasons of an assessment sum to its points, exactly. */
export const Reason = z.object({
  kind: ReasonKind,
  /** Rule or group id, or the axis for caps and clamps. */
  ruleId: z.string(),
  axis: Axis.nullable(),
  /** Signed whole points. */
  points: z.int(),
  /** Fields that the rule read, with what was seen; `null` was missing. */
  fields: z.array(z.object({ name: z.string(), value: FeatureValue.nullable() })),
  /** The rule's own `why`, values filled in; plain text, unescaped. */
  text: z.string(),
});
export type Reason = z.infer<typeof Reason>;

/** A missing field that some rule reads, and the most it could add or take away. */
export const MissingField = z.object({
  /** Raw value that is missing, as in `FieldDefinition.from`, or `signal:<kind>` for an undeclared kind. */
  from: z.string(),
  label: z.string(),
  min: z.int(),
  max: z.int(),
});
export type MissingField = z.infer<typeof MissingField>;

export const ScoreRange = z.object({ min: z.int(), max: z.int(), approximate: z.boolean() });
export type ScoreRange = z.infer<typeof ScoreRange>;

/** What the engine says of one lead at one moment: a pure function of (features, ruleset, scoredAt). */
export const Assessment = z.object({
  rulesetVersion: z.int(),
  rulesetHash: z.string(),
  engineVersion: z.string(),
  scoredAt: z.iso.datetime(),
  /** 0 to 100. */
  points: z.int(),
  fitPoints: z.int(),
  intentPoints: z.int(),
  range: ScoreRange,
  tier: Tier,
  /** Best first. Includes `tier`. */
  possibleTiers: z.array(Tier),
  /** A hard stop that certainly fired. */
  disqualified: z.object({ ruleId: z.string(), code: z.string() }).nullable(),
  /** Codes of hard stops that could fire if a missing field were known. */
  possibleStops: z.array(z.string()),
  /** What people call the codes above, by code; absent in what engine 1 stored. */
  codeLabels: z.record(z.string(), z.string()).optional(),
  reasons: z.array(Reason),
  missing: z.array(MissingField),
});
export type Assessment = z.infer<typeof Assessment>;
