import { TIERS } from './assessment.ts';
import { asOutcome, type Outcome, type RuleJudgement } from './judge-rules.ts';
import { cellCount, eachCell, MAX_CELLS, type Question, splitQuestions } from './open-questions.ts';
import type { Ruleset } from './ruleset.ts';
import type { Value } from './slots.ts';
import { clampAxis, NO_CEILING, NO_FLOOR, tierIndex, unitBounds, unitPoints } from './tally.ts';

/** What one combination of answers adds: points before caps, and tier bounds as indices. */
interface Effect {
  fit: number;
  intent: number;
  floor: number;
  ceiling: number;
}

export interface AxisPoints {
  fit: number;
  intent: number;
}

/** What a lead's score could be once its missing values are known. */
export interface Outlook {
  min: number;
  max: number;
  /** Some answers were taken as independent: the interval holds every score, but may be too wide. */
  approximate: boolean;
  /** Tier indices, best first. */
  tiers: number[];
  /** Capped axis points that give `min` and `max`, the nearest to the known ones. */
  atMin: AxisPoints;
  atMax: AxisPoints;
}

export interface Known {
  judgements: readonly RuleJudgement[];
  boundOutcomes: readonly Outcome[];
  values: readonly Value[];
  now: number;
  /** Capped axis points as known now. */
  points: AxisPoints;
  /** The same before caps. */
  sums: AxisPoints;
  /** All that is open, as `openQuestions` gives it. */
  questions: readonly Question[];
}

interface Part {
  questions: Question[];
  effects: Effect[];
  exact: boolean;
}

// Cells alone do not bound the work where hundreds of rules ask about the same value.
const MAX_ANSWERS = 2_000_000;
const MAX_ANSWERS_ALONE = 200_000;

/** Works out the range over all completions, or over those of the given slots alone. */
export function exploreRange(
  ruleset: Ruleset,
  known: Known,
  only: ReadonlySet<number> | null = null,
): Outlook {
  const questions = known.questions.flatMap((question) => narrowed(ruleset, known, question, only));
  let cellsLeft = MAX_CELLS;
  let answersLeft = only === null ? MAX_ANSWERS : MAX_ANSWERS_ALONE;
  const parts = splitQuestions(questions).map((part): Part => {
    const cells = partCells(ruleset, part);
    const answers = cells * part.length;
    const isLarge = cells > cellsLeft || answers > answersLeft;
    if (isLarge || hasUndatedPick(ruleset, known, part)) return corners(ruleset, known, part);
    cellsLeft -= cells;
    answersLeft -= answers;
    return enumerated(ruleset, known, part);
  });
  return combine(ruleset, known, questions, parts);
}

function narrowed(
  ruleset: Ruleset,
  known: Known,
  question: Question,
  only: ReadonlySet<number> | null,
): Question[] {
  if (only === null) return [question];
  const missing = question.missing.filter((slot) => only.has(slot));
  if (missing.length === 0) return [];
  const opaque = missing.some(
    (slot) => ruleset.cells[slot] === null || question.judged.opaque.has(slot),
  );
  const undated = !question.isBound && known.judgements[question.index]?.undated === true;
  if (undated && !opaque) return [];
  return [{ ...question, missing, free: question.free && opaque }];
}

function variablesOf(part: readonly Question[]): number[] {
  const slots = part.flatMap((question) => (question.free ? [] : question.missing));
  return [...new Set(slots)].sort((a, b) => a - b);
}

function partCells(ruleset: Ruleset, part: readonly Question[]): number {
  const free = part.filter((question) => question.free).length;
  return cellCount(ruleset, variablesOf(part)) * 2 ** Math.min(free, 40);
}

function hasUndatedPick(ruleset: Ruleset, known: Known, part: readonly Question[]): boolean {
  return part.some(
    (question) =>
      !question.isBound &&
      known.judgements[question.index]?.undated === true &&
      ruleset.units[question.unit]?.pick !== 'sum',
  );
}

/** Every combination of answers of one part, each effect once. */
function enumerated(ruleset: Ruleset, known: Known, questions: Question[]): Part {
  const outcomes = known.judgements.map((judgement) => judgement.outcome);
  const units = [...new Set(questions.map((question) => question.unit))];
  const free = questions.filter((question) => question.free);
  const asked = questions.filter((question) => !question.free);
  const bounds = [...known.boundOutcomes];
  const trial = [...known.values];
  const found = new Map<number, Effect>();
  const answer = (question: Question, outcome: Outcome) => {
    if (question.isBound) bounds[question.index] = outcome;
    else outcomes[question.index] = outcome;
  };
  const record = () => {
    const effect = effectOf(ruleset, known, units, outcomes, bounds);
    found.set(effectKey(effect), effect);
  };
  const eachFree = (position: number): void => {
    const question = free[position];
    if (question === undefined) {
      record();
      return;
    }
    for (const outcome of [false, true]) {
      answer(question, outcome);
      eachFree(position + 1);
    }
  };
  eachCell(ruleset, variablesOf(questions), trial, () => {
    for (const question of asked) {
      answer(question, asOutcome(question.judged.condition.run(trial, known.now)));
    }
    eachFree(0);
    return true;
  });
  return { questions, effects: [...found.values()], exact: free.length === 0 };
}

/** Counts of one kind over several time spans depend on each other, which neither cells nor parts see. */
function sharesSignal(ruleset: Ruleset, questions: readonly Question[]): boolean {
  const kinds = variablesOf(questions).flatMap((slot) => {
    const read = ruleset.slots[slot];
    return read?.kind === 'count' ? [read.signal] : [];
  });
  return new Set(kinds).size < kinds.length;
}

function effectOf(
  ruleset: Ruleset,
  known: Known,
  units: readonly number[],
  outcomes: readonly Outcome[],
  bounds: readonly Outcome[],
): Effect {
  const effect: Effect = { fit: 0, intent: 0, floor: NO_FLOOR, ceiling: NO_CEILING };
  for (const index of units) {
    const unit = ruleset.units[index];
    if (unit !== undefined) effect[unit.axis] += unitPoints(unit, known.judgements, outcomes);
    else applyBound(ruleset, index - ruleset.units.length, bounds, effect);
  }
  return effect;
}

function applyBound(
  ruleset: Ruleset,
  index: number,
  bounds: readonly Outcome[],
  effect: Effect,
): void {
  const bound = ruleset.bounds[index];
  if (bound === undefined || bounds[index] !== true) return;
  const tier = TIERS.indexOf(bound.tier);
  if (bound.kind === 'floor') effect.floor = Math.min(effect.floor, tier);
  else effect.ceiling = Math.max(effect.ceiling, tier);
}

const AXIS_STEP = 2 ** 20;

function effectKey({ fit, intent, floor, ceiling }: Effect): number {
  const axes = (fit + AXIS_STEP / 2) * AXIS_STEP + intent + AXIS_STEP / 2;
  return axes * 16 + floor * 4 + ceiling;
}

/** The worst and the best of a part that is too large to go through: sound, not exact. */
function corners(ruleset: Ruleset, known: Known, questions: Question[]): Part {
  const outcomes = known.judgements.map((judgement) => judgement.outcome);
  const low: Effect = { fit: 0, intent: 0, floor: NO_FLOOR, ceiling: NO_CEILING };
  const high: Effect = { ...low };
  for (const index of new Set(questions.map((question) => question.unit))) {
    const unit = ruleset.units[index];
    if (unit !== undefined) {
      const bounds = unitBounds(unit, known.judgements, outcomes);
      low[unit.axis] += bounds.low;
      high[unit.axis] += bounds.high;
      continue;
    }
    const position = index - ruleset.units.length;
    const isFloor = ruleset.bounds[position]?.kind === 'floor';
    const answers = ruleset.bounds.map((_, at) => at === position);
    applyBound(ruleset, position, answers, isFloor ? high : low);
  }
  return { questions, effects: [low, high], exact: false };
}

/** Effects of all that is known for certain. */
function settledEffect(ruleset: Ruleset, known: Known, questions: readonly Question[]): Effect {
  const effect: Effect = { ...known.sums, floor: NO_FLOOR, ceiling: NO_CEILING };
  const outcomes = known.judgements.map((judgement) => judgement.outcome);
  const open = new Set(questions.map((question) => question.unit));
  for (const index of open) {
    const unit = ruleset.units[index];
    if (unit !== undefined) effect[unit.axis] -= unitPoints(unit, known.judgements, outcomes);
  }
  ruleset.bounds.forEach((_bound, index) => {
    if (!open.has(ruleset.units.length + index)) {
      applyBound(ruleset, index, known.boundOutcomes, effect);
    }
  });
  return effect;
}

const MAX_COMBINATIONS = 50_000;
const MAX_SUMS = 2000;
const MAX_EFFECTS = 1000;

/**
 * Parts do not depend on each other, so their effects add up. Parts that touch one axis only are summed
 * as plain numbers; the others are combined as whole effects.
 */
function combine(
  ruleset: Ruleset,
  known: Known,
  questions: readonly Question[],
  parts: readonly Part[],
): Outlook {
  let exact = parts.every((part) => part.exact) && !sharesSignal(ruleset, questions);
  let fits = [0];
  let intents = [0];
  let effects = [settledEffect(ruleset, known, questions)];
  let hull = false;
  for (const part of parts) {
    const axis = onlyAxis(ruleset, part);
    if (axis === null) {
      const sums = addEffects(effects, part.effects);
      if (sums.length > MAX_EFFECTS) {
        effects = [extreme(sums, Math.min), extreme(sums, Math.max)];
        exact = false;
      } else effects = sums;
      continue;
    }
    const sums = addNumbers(
      axis === 'fit' ? fits : intents,
      part.effects.map((one) => one[axis]),
    );
    const kept = sums.length > MAX_SUMS ? ends(sums) : sums;
    hull ||= sums.length > MAX_SUMS;
    if (axis === 'fit') fits = kept;
    else intents = kept;
  }
  if (fits.length * intents.length * effects.length > MAX_COMBINATIONS) {
    fits = ends(fits);
    intents = ends(intents);
    hull = true;
  }
  const outlook = outcomesOf(ruleset, known, fits, intents, effects);
  const tiers = exact && !hull ? outlook.tiers : between(outlook.tiers);
  return { ...outlook, tiers, approximate: !exact };
}

function onlyAxis(ruleset: Ruleset, part: Part): 'fit' | 'intent' | null {
  const axes = new Set(
    part.questions.map((question) => ruleset.units[question.unit]?.axis ?? null),
  );
  const [axis] = axes;
  return axes.size === 1 && axis !== undefined ? axis : null;
}

/** Axis points only grow with their sum, so the ends are enough for an exact range. */
function ends(sums: readonly number[]): number[] {
  return [sums.reduce((a, b) => Math.min(a, b)), sums.reduce((a, b) => Math.max(a, b))];
}

function addNumbers(left: readonly number[], right: readonly number[]): number[] {
  const sums = new Set<number>();
  for (const a of left) for (const b of right) sums.add(a + b);
  return [...sums];
}

function addEffects(left: readonly Effect[], right: readonly Effect[]): Effect[] {
  const sums = new Map<number, Effect>();
  for (const a of left) {
    for (const b of right) {
      const sum = {
        fit: a.fit + b.fit,
        intent: a.intent + b.intent,
        floor: Math.min(a.floor, b.floor),
        ceiling: Math.max(a.ceiling, b.ceiling),
      };
      sums.set(effectKey(sum), sum);
    }
  }
  return [...sums.values()];
}

/** A better floor or a looser ceiling has the smaller index, so the best corner takes least of both. */
function extreme(effects: readonly Effect[], pick: (...values: number[]) => number): Effect {
  const opposite = pick === Math.max ? Math.min : Math.max;
  return {
    fit: effects.map((one) => one.fit).reduce((a, b) => pick(a, b)),
    intent: effects.map((one) => one.intent).reduce((a, b) => pick(a, b)),
    floor: effects.map((one) => one.floor).reduce((a, b) => opposite(a, b)),
    ceiling: effects.map((one) => one.ceiling).reduce((a, b) => opposite(a, b)),
  };
}

function between(tiers: readonly number[]): number[] {
  const best = Math.min(...tiers);
  return Array.from({ length: Math.max(...tiers) - best + 1 }, (_, index) => best + index);
}

function outcomesOf(
  ruleset: Ruleset,
  known: Known,
  fits: readonly number[],
  intents: readonly number[],
  effects: readonly Effect[],
): Omit<Outlook, 'approximate'> {
  const { caps } = ruleset.model;
  const tiers = new Set<number>();
  let atMin: AxisPoints | null = null;
  let atMax: AxisPoints | null = null;
  for (const effect of effects) {
    for (const intentSum of intents) {
      const intent = clampAxis(intentSum + effect.intent, caps.intent);
      for (const fitSum of fits) {
        const fit = clampAxis(fitSum + effect.fit, caps.fit);
        tiers.add(tierIndex(ruleset.model, fit, intent, effect.floor, effect.ceiling));
        if (beats(known.points, fit, intent, atMin, -1)) atMin = { fit, intent };
        if (beats(known.points, fit, intent, atMax, 1)) atMax = { fit, intent };
      }
    }
  }
  const least = atMin ?? known.points;
  const most = atMax ?? known.points;
  return {
    min: least.fit + least.intent,
    max: most.fit + most.intent,
    tiers: [...tiers].sort((a, b) => a - b),
    atMin: least,
    atMax: most,
  };
}

/** Whether (fit, intent) lies further out than the best so far; of equal ones the nearest to the known. */
function beats(
  known: AxisPoints,
  fit: number,
  intent: number,
  best: AxisPoints | null,
  direction: 1 | -1,
): boolean {
  if (best === null) return true;
  const ahead = direction * (fit + intent - best.fit - best.intent);
  if (ahead !== 0) return ahead > 0;
  const distance = Math.abs(fit - known.fit) + Math.abs(intent - known.intent);
  const bestDistance = Math.abs(best.fit - known.fit) + Math.abs(best.intent - known.intent);
  return distance < bestDistance || (distance === bestDistance && fit < best.fit);
}
