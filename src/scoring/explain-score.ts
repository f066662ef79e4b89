import { type Axis, type Reason, ReasonKind } from './assessment.ts';
import type { BoundSnapshot } from './bind-snapshot.ts';
import type { Outcome, RuleJudgement } from './judge-rules.ts';
import { labelsOfSlots, observedFields, slotName } from './observed-fields.ts';
import { missingSlots } from './open-questions.ts';
import type { HardStop, Judged, PointRule, RuleGroup, Ruleset, Unit } from './ruleset.ts';
import { openMembers, unitPoints } from './tally.ts';
import { codeWords, valueWords } from './value-words.ts';
import { fillWhy, formatNumber, formatValue, plainText } from './why-template.ts';

/** Points with their sign: +20, -5, 0. */
export function signed(points: number): string {
  return points > 0 ? `+${points}` : String(points);
}

/** The sentence of a rule, filled in; made from the fields that it reads when it has none of its own. */
export function whyText(ruleset: Ruleset, bound: BoundSnapshot, rule: Judged): string {
  const { why } = rule;
  const own = why?.fixed ?? (why === null ? '' : plainText(fillWhy(why, bound.values, bound.now)));
  if (own !== '') return own;
  const parts = rule.condition.reads.flatMap((index) => {
    const slot = ruleset.slots[index];
    if (slot === undefined || slot.kind === 'local') return [];
    if (slot.kind === 'member')
      return [`${slot.field.label}: ${valueWords(slot.name, slot.member)}`];
    const label = 'field' in slot ? slot.field.label : slotName(slot);
    const named = 'field' in slot ? [slot.name] : [];
    return [`${label}: ${formatValue(bound.values[index], '', named)}`];
  });
  return parts.length === 0 ? rule.id : [...new Set(parts)].sort().join(', ');
}

/** The lines of one unit: fired rules, decay, what the group took away, rules that could not be judged. */
export function unitReasons(
  ruleset: Ruleset,
  bound: BoundSnapshot,
  unit: Unit,
  judgements: readonly RuleJudgement[],
  outcomes: readonly Outcome[],
): Reason[] {
  const reasons: Reason[] = [];
  let counted = 0;
  for (const index of unit.members) {
    const judgement = judgements[index];
    if (judgement === undefined || outcomes[index] !== true) continue;
    reasons.push(...firedReasons(ruleset, bound, judgement));
    counted += judgement.points;
    if (unit.pick === 'first') break;
  }
  for (const index of openMembers(unit, outcomes)) {
    const judgement = judgements[index];
    if (judgement !== undefined) reasons.push(unknownReason(ruleset, bound, judgement));
  }
  const group = unit.group === null ? undefined : ruleset.groups[unit.group];
  const taken = unitPoints(unit, judgements, outcomes) - counted;
  if (group !== undefined && taken !== 0) {
    reasons.push(groupLine(group, taken));
  }
  return reasons;
}

/** What a group took away. */
export function groupLine({ id, label, axis, pick, cap }: RuleGroup, taken: number): Reason {
  const text =
    pick === 'max'
      ? `${label}: only the largest counts`
      : `${label}: at most ${cap ?? 0} points count`;
  return line('group', id, axis, taken, text);
}

function firedReasons(ruleset: Ruleset, bound: BoundSnapshot, judgement: RuleJudgement): Reason[] {
  const { rule, points, ageMs } = judgement;
  const fields = observedFields(ruleset, bound, rule.condition.reads);
  const text = whyText(ruleset, bound, rule);
  const fired: Reason = {
    ...line('rule', rule.id, rule.axis, rule.points, text),
    fields,
  };
  if (rule.decay === null || ageMs === null || points === rule.points) return [fired];
  const decay = decayLine(rule, points, ageMs);
  decay.fields = observedFields(ruleset, bound, rule.decay.since.reads);
  return [fired, decay];
}

/** What time took away from a rule, without the fields. */
function decayLine(rule: PointRule, points: number, ageMs: number): Reason {
  const text = decayText(rule, points, ageMs);
  return line('decay', rule.id, rule.axis, points - rule.points, text);
}

export function decayText(rule: PointRule, points: number, ageMs: number): string {
  const halfLifeMs = rule.decay?.halfLifeMs ?? 0;
  const halfLife = spanText(halfLifeMs, 0);
  const age = ageText(ageMs, halfLifeMs);
  return `${age} old, half-life ${halfLife}: ${points} of ${rule.points} left`;
}

/** A rule that could not be judged. */
export function unknownReason(
  ruleset: Ruleset,
  bound: BoundSnapshot,
  judgement: RuleJudgement,
): Reason {
  const { rule } = judgement;
  const since = rule.decay === null ? [] : rule.decay.since.reads;
  const reads = [...new Set([...rule.condition.reads, ...since])];
  const labels = labelsOfSlots(ruleset, missingSlots(ruleset, reads, bound.values));
  const could = `could be ${signed(judgement.points)}`;
  const text =
    labels === '' ? `Rule ${rule.id} cannot be worked out` : `${labels} unknown, ${could}`;
  const fields = observedFields(ruleset, bound, rule.condition.reads);
  return { ...line('unknown', rule.id, rule.axis, 0, text), fields };
}

/** What a hard stop that fired says: "Disqualified: Works for a competitor". */
export function stopText(ruleset: Ruleset, bound: BoundSnapshot, stop: HardStop): string {
  const why = stop.why === null ? stopLabel(ruleset, stop.code) : whyText(ruleset, bound, stop);
  return `Disqualified: ${why}`;
}

/** What a hard stop that could not be judged could do. */
export function couldStopText(ruleset: Ruleset, { code }: HardStop): string {
  return `could be disqualified (${stopLabel(ruleset, code)})`;
}

/** What people call the codes of the stops that fired or could. */
export function codeLabels(
  ruleset: Ruleset,
  fired: HardStop | null,
  possible: readonly string[],
): Record<string, string> {
  const codes = new Set(fired === null ? possible : [fired.code, ...possible]);
  return Object.fromEntries([...codes].sort().map((code) => [code, stopLabel(ruleset, code)]));
}

function stopLabel({ model }: Ruleset, code: string): string {
  return model.disqualify_reasons.find((reason) => reason.code === code)?.label ?? codeWords(code);
}

/** A line for a hard stop or a tier bound that could not be judged. */
export function unknownBoundReason(
  ruleset: Ruleset,
  bound: BoundSnapshot,
  rule: Judged,
  consequence: string,
): Reason {
  const missing = missingSlots(ruleset, rule.condition.reads, bound.values);
  const labels = labelsOfSlots(ruleset, missing);
  const text =
    labels === '' ? `Rule ${rule.id} cannot be worked out` : `${labels} unknown, ${consequence}`;
  const fields = observedFields(ruleset, bound, rule.condition.reads);
  return { ...line('unknown', rule.id, null, 0, text), fields };
}

/** What a cap or the floor at 0 does to an axis. */
export function axisReasons(axis: Axis, sum: number, cap: number): Reason[] {
  const name = axis === 'fit' ? 'Fit' : 'Intent';
  if (sum > cap)
    return [line('cap', axis, axis, cap - sum, `${name} counts at most ${cap} points`)];
  if (sum < 0) return [line('clamp', axis, axis, 0 - sum, `${name} does not go below 0`)];
  return [];
}

export function line(
  kind: ReasonKind,
  ruleId: string,
  axis: Axis | null,
  points: number,
  text: string,
): Reason {
  return { kind, ruleId, axis, points, fields: [], text };
}

const [DAY_MS, HOUR_MS, MINUTE_MS] = [86_400_000, 3_600_000, 60_000];

function ageText(ms: number, halfLifeMs: number): string {
  if (ms > 36_500 * DAY_MS) return 'more than 100 years';
  // Rounded to no more than a seventh of the half-life, a reader can work out what is left.
  return ms < MINUTE_MS ? 'less than a minute' : spanText(ms, halfLifeMs / 7);
}

/** "14 days", "5 hours 54 minutes": rounded down, with a second unit where the first is coarser than asked for. */
function spanText(ms: number, coarsestMs: number): string {
  if (ms < HOUR_MS) return counted(Math.floor(ms / MINUTE_MS), 'minute');
  const isDays = ms >= 2 * DAY_MS;
  const unit = isDays ? DAY_MS : HOUR_MS;
  const first = counted(Math.floor(ms / unit), isDays ? 'day' : 'hour');
  const rest = Math.floor((ms % unit) / (isDays ? HOUR_MS : MINUTE_MS));
  if (rest === 0 || unit <= coarsestMs) return first;
  return `${first} ${counted(rest, isDays ? 'hour' : 'minute')}`;
}

function counted(count: number, unit: string): string {
  return `${formatNumber(count)} ${unit}${count === 1 ? '' : 's'}`;
}

const AXIS_ORDER = ['fit', 'intent', null];

const KIND_ORDER = ReasonKind.options;

/** One order for the same lines, however the rules were written down: bytes compare equal. */
export function inCanonicalOrder(reasons: readonly Reason[]): Reason[] {
  const isRule = ({ kind }: Reason) => (kind === 'rule' || kind === 'decay' ? 0 : 1);
  return [...reasons].sort(
    (a, b) =>
      isRule(a) - isRule(b) ||
      (isRule(a) === 0 ? 0 : KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind)) ||
      AXIS_ORDER.indexOf(a.axis) - AXIS_ORDER.indexOf(b.axis) ||
      (a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : 0) ||
      KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind),
  );
}
