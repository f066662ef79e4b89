import type { Axis, Tier } from './assessment.ts';
import type { CompiledExpression } from './compile-condition.ts';
import type { FieldCatalog } from './features.ts';
import type { Judge } from './judged-lead.ts';
import type { ModelFile, TeamSource } from './rule-files.ts';
import type { Slot, Value } from './slots.ts';
import type { WhyTemplate } from './why-template.ts';

/** Raised whenever the same snapshot and rules could give another assessment. */
export const ENGINE_VERSION = '3';

/** What every kind of rule has. */
export interface Judged {
  id: string;
  condition: CompiledExpression;
  /** Null: made up from the fields that it reads. */
  why: WhyTemplate | null;
  /** Milliseconds; from then on it no longer counts. */
  expiresAt: number | null;
  /** Slots that keep the condition from being split into cells when their value is missing. */
  opaque: ReadonlySet<number>;
}

export interface PointRule extends Judged {
  axis: Axis;
  /** Index in `Ruleset.groups`, or null. */
  group: number | null;
  points: number;
  decay: { since: CompiledExpression; halfLifeMs: number; halfLife: string } | null;
}

export interface RuleGroup {
  id: string;
  /** What people call it. */
  label: string;
  axis: Axis;
  pick: 'first' | 'max' | 'sum';
  cap: number | null;
  /** Indices in `Ruleset.rules`, in the order of the file. */
  members: readonly number[];
}

/** What counts as one: a group, or a rule outside any group. */
export interface Unit {
  axis: Axis;
  pick: 'first' | 'max' | 'sum';
  cap: number | null;
  /** Indices in `Ruleset.rules`, in the order of the file. */
  members: readonly number[];
  /** Index in `Ruleset.groups`; null for a lone rule. */
  group: number | null;
}

export interface HardStop extends Judged {
  code: string;
}

export interface TierBound extends Judged {
  kind: 'floor' | 'ceiling';
  tier: Tier;
}

export interface Route {
  id: string;
  team: string;
  /** Null: everyone else. */
  condition: CompiledExpression | null;
  why: WhyTemplate | null;
}

/** Rules compiled once. Immutable; built only by `compileRuleset`. */
export interface Ruleset {
  version: number;
  hash: string;
  model: ModelFile;
  /** What its rules may read. */
  fields: FieldCatalog;
  /** Enabled point rules of both axes. */
  rules: readonly PointRule[];
  groups: readonly RuleGroup[];
  units: readonly Unit[];
  stops: readonly HardStop[];
  bounds: readonly TierBound[];
  teams: readonly TeamSource[];
  routes: readonly Route[];
  slots: readonly Slot[];
  /** By slot: values that stand for every value the rules tell apart; null when there is no such list. */
  cells: readonly (readonly Value[] | null)[];
  judge: Judge;
}

/** Kinds of signal that some source is declared to send, sorted: goes into each feature snapshot. */
export function declaredSignals(ruleset: Ruleset): string[] {
  return [...new Set(Object.values(ruleset.model.signals).flat())].sort();
}
