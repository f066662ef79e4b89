import { bindSnapshot } from './bind-snapshot.ts';
import type { FeatureSnapshot } from './features.ts';
import { readsTime } from './generate-judge.ts';
import { judge, judgeRules, type RuleJudgement } from './judge-rules.ts';
import type { Judged, Ruleset } from './ruleset.ts';

const HOUR_MS = 3_600_000;
/** So far ahead a condition that compares with `now` is tried, hour by hour; then it is looked at again. */
const PROBE_HOURS = 48;
/** With more such conditions than this, trying costs more than scoring again. */
const MAX_PROBED = 40;

/**
 * When time alone may next change the score of a lead; null: never, whatever the
 * clock says. Never too late, but for decay and comparisons with `now`, which may wait for up to an hour so that
 * a fast decay does not keep everybody busy. It may be too early: scoring again then finds nothing new.
 *
 * Time changes a score when points decay by a whole point, when a signal leaves the window in which it was
 * counted, when one dated ahead comes to count, when a rule expires, and when a condition compares with `now`.
 */
export function nextChangeAt(ruleset: Ruleset, snapshot: FeatureSnapshot, now: Date): Date | null {
  const bound = bindSnapshot(ruleset, snapshot, now);
  const all: Judged[] = [...ruleset.rules, ...ruleset.stops, ...ruleset.bounds];
  const times = [
    ...all.flatMap((rule) => rule.expiresAt ?? []),
    ...signalTimes(ruleset, snapshot, all, bound.now),
    ...judgeRules(ruleset, bound).flatMap((judgement) => decayTime(judgement, bound.now)),
    ...probedTimes(ruleset, snapshot, all, bound.now),
  ].filter((time) => time > bound.now);
  const first = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const date = new Date(first);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** When signals begin to count, and when they leave a window that some rule looks through. */
function signalTimes(
  ruleset: Ruleset,
  snapshot: FeatureSnapshot,
  rules: readonly Judged[],
  now: number,
): number[] {
  const windows = windowsRead(ruleset, rules);
  const declared = new Set(snapshot.declaredSignals);
  return snapshot.signals.flatMap(({ kind, occurredAt }) => {
    const at = Date.parse(occurredAt);
    const read = windows.get(kind);
    if (read === undefined || !declared.has(kind) || Number.isNaN(at)) return [];
    return at > now ? [at] : [...read].map((windowMs) => at + windowMs + 1);
  });
}

/** By kind of signal. An empty set: it is read, for all time. */
function windowsRead({ rules: own, slots }: Ruleset, rules: readonly Judged[]) {
  const since = own.flatMap((rule) => rule.decay?.since.reads ?? []);
  const read = new Set([...rules.flatMap((rule) => rule.condition.reads), ...since]);
  const windows = new Map<string, Set<number>>();
  for (const index of read) {
    const slot = slots[index];
    if (slot?.kind !== 'count' && slot?.kind !== 'last') continue;
    const known = windows.get(slot.signal) ?? new Set();
    if (slot.kind === 'count' && slot.windowMs !== null) known.add(slot.windowMs);
    windows.set(slot.signal, known);
  }
  return windows;
}

/** When the next whole point of a rule that fires, or could, is gone. */
function decayTime({ rule, outcome, points, ageMs }: RuleJudgement, now: number): number[] {
  if (rule.decay === null || ageMs === null || outcome === false || points === 0) return [];
  const halfLives = Math.log2(Math.abs(rule.points) / (Math.abs(points) - 0.5));
  // A millisecond more: on the very edge the point is still there.
  const at = now - ageMs + Math.ceil(halfLives * rule.decay.halfLifeMs) + 1;
  return [Math.max(at, now + HOUR_MS)];
}

/** The first hour in which a condition that compares with `now` says something else. */
function probedTimes(
  ruleset: Ruleset,
  snapshot: FeatureSnapshot,
  rules: readonly Judged[],
  now: number,
): number[] {
  const timed = rules.filter(({ condition, expiresAt }) => {
    const isOver = expiresAt !== null && now >= expiresAt;
    return !isOver && condition.ast !== null && readsTime(condition.ast);
  });
  if (timed.length === 0) return [];
  if (timed.length > MAX_PROBED) return [now + HOUR_MS];
  const outcomesAt = (time: number) => {
    const bound = bindSnapshot(ruleset, snapshot, new Date(time));
    return timed.map((rule) => judge(rule, bound));
  };
  const present = outcomesAt(now);
  for (let hour = 1; hour <= PROBE_HOURS; hour++) {
    const outcomes = outcomesAt(now + hour * HOUR_MS);
    if (outcomes.some((outcome, index) => outcome !== present[index]))
      return [now + hour * HOUR_MS];
  }
  return [now + PROBE_HOURS * HOUR_MS];
}
