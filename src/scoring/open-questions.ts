import { asOutcome, type Outcome, type RuleJudgement } from './judge-rules.ts';
import type { Judged, Ruleset } from './ruleset.ts';
import type { Value } from './slots.ts';
import { openMembers } from './tally.ts';

/** A rule, floor or ceiling whose answer depends on something missing. */
export interface Question {
  judged: Judged;
  /** Index in `Ruleset.rules`, or in `Ruleset.bounds` when `isBound`. */
  index: number;
  isBound: boolean;
  /** Index in `Ruleset.units` (rules), or units.length + index (bounds): what it changes. */
  unit: number;
  /** Missing slots that it reads. */
  missing: readonly number[];
  /** No list of values settles it: it is taken as a yes or no of its own. */
  free: boolean;
}

/** Slots without a value that a completion could give one. */
export function missingSlots(
  ruleset: Ruleset,
  reads: readonly number[],
  values: readonly Value[],
): number[] {
  return reads.filter((index) => {
    const kind = ruleset.slots[index]?.kind;
    return values[index] === undefined && kind !== 'presence' && kind !== 'derived';
  });
}

/** Whether these missing slots keep a condition from being settled by trying values. */
export function isFree(ruleset: Ruleset, judged: Judged, missing: readonly number[]): boolean {
  return missing.some((slot) => ruleset.cells[slot] === null || judged.opaque.has(slot));
}

/** All questions about point rules, floors and ceilings. Rules that fail for another reason are none. */
export function openQuestions(
  ruleset: Ruleset,
  judgements: readonly RuleJudgement[],
  boundOutcomes: readonly Outcome[],
  values: readonly Value[],
): Question[] {
  const outcomes = judgements.map((judgement) => judgement.outcome);
  const questions: Question[] = [];
  ruleset.units.forEach((unit, unitIndex) => {
    for (const index of openMembers(unit, outcomes)) {
      const judgement = judgements[index];
      if (judgement === undefined) continue;
      const { rule, undated } = judgement;
      const since = undated && rule.decay !== null ? rule.decay.since.reads : [];
      const reads = [...new Set([...rule.condition.reads, ...since])].sort((a, b) => a - b);
      const missing = missingSlots(ruleset, reads, values);
      if (missing.length === 0) continue;
      const free = undated || isFree(ruleset, rule, missing);
      questions.push({ judged: rule, index, isBound: false, unit: unitIndex, missing, free });
    }
  });
  ruleset.bounds.forEach((judged, index) => {
    if (boundOutcomes[index] !== undefined) return;
    const missing = missingSlots(ruleset, judged.condition.reads, values);
    if (missing.length === 0) return;
    const unit = ruleset.units.length + index;
    const free = isFree(ruleset, judged, missing);
    questions.push({ judged, index, isBound: true, unit, missing, free });
  });
  return questions;
}

/** Questions that share a missing slot or a group, together: each part can be worked out alone. */
export function splitQuestions(questions: readonly Question[]): Question[][] {
  const parent = new Map<string, string>();
  const find = (key: string): string => {
    const up = parent.get(key);
    if (up === undefined || up === key) return key;
    const root = find(up);
    parent.set(key, root);
    return root;
  };
  for (const question of questions) {
    const unit = `u${question.unit}`;
    if (question.free) continue;
    for (const slot of question.missing) parent.set(find(`s${slot}`), find(unit));
  }
  const parts = new Map<string, Question[]>();
  for (const question of questions) {
    const root = find(`u${question.unit}`);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [question]);
    else part.push(question);
  }
  return [...parts.values()];
}

/** Whether some value of the missing slots makes the condition true. Says yes when it cannot tell. */
export function couldBeTrue(
  ruleset: Ruleset,
  judged: Judged,
  values: readonly Value[],
  now: number,
): boolean {
  const missing = missingSlots(ruleset, judged.condition.reads, values);
  if (missing.length === 0) return false;
  if (isFree(ruleset, judged, missing) || cellCount(ruleset, missing) > MAX_CELLS) return true;
  const trial = [...values];
  let found = false;
  eachCell(ruleset, missing, trial, () => {
    found ||= asOutcome(judged.condition.run(trial, now)) === true;
    return !found;
  });
  return found;
}

export const MAX_CELLS = 20_000;

export function cellCount(ruleset: Ruleset, slots: readonly number[]): number {
  return slots.reduce((product, slot) => product * (ruleset.cells[slot]?.length ?? 1), 1);
}

/** Puts every combination of values into `trial`, in turn, until `visit` returns false. */
export function eachCell(
  ruleset: Ruleset,
  slots: readonly number[],
  trial: Value[],
  visit: () => boolean,
): boolean {
  const [slot, ...rest] = slots;
  if (slot === undefined) return visit();
  for (const value of ruleset.cells[slot] ?? []) {
    trial[slot] = value;
    if (!eachCell(ruleset, rest, trial, visit)) return false;
  }
  return true;
}
