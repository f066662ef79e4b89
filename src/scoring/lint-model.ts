import { TIERS, type Tier } from './assessment.ts';
import { DEFAULT_ESCALATION, ESCALATION_STEPS, minutesLeft } from './escalation-left.ts';
import type { ParsedRuleFiles } from './read-rule-files.ts';
import type { ModelFile, TeamSource } from './rule-files.ts';
import { didYouMean, type ProblemList } from './rule-problem.ts';

/** Caps, tier thresholds and codes that contradict each other. */
export function lintModel(parsed: ParsedRuleFiles, problems: ProblemList): void {
  const { value, locate } = parsed.model;
  const most = value.caps.fit + value.caps.intent;
  if (most > 100) {
    const message = `The caps add up to ${most}: a score is at most 100 points`;
    problems.add('error', 'model.yml', locate(['caps'])(), message);
  }
  TIERS.forEach((tier, index) => {
    const own = value.tiers[tier];
    const better = TIERS[index - 1];
    const at = locate(['tiers', tier])();
    if (better !== undefined && own.points > value.tiers[better].points) {
      const message = `Tier ${tier} asks for more points than tier ${better}`;
      problems.add('error', 'model.yml', at, message);
    }
    const tooHigh =
      own.points > most || (own.fit ?? 0) > value.caps.fit || (own.intent ?? 0) > value.caps.intent;
    if (tooHigh) {
      problems.add('warning', 'model.yml', at, `No lead can reach tier ${tier} with these caps`);
    } else lintTaken(parsed, tier, problems);
  });
  if (value.tiers.D.points > 0) {
    const at = locate(['tiers', 'D', 'points'])();
    problems.add('error', 'model.yml', at, 'Tier D takes everyone else: it starts at 0 points');
  }
  lintStopCodes(parsed, problems);
}

/** A tier whose every lead a better one takes. The last takes everyone else, a floor or ceiling may use another. */
function lintTaken(parsed: ParsedRuleFiles, tier: Tier, problems: ProblemList): void {
  const { value, locate } = parsed.model;
  const { floors = [], ceilings = [] } = parsed.disqualify.value;
  const isGiven = [...floors, ...ceilings].some((bound) => bound.tier === tier);
  if (tier === TIERS.at(-1) || isGiven) return;
  const least = leastOf(value, tier);
  const taker = TIERS.slice(0, TIERS.indexOf(tier)).find((better) => {
    const { points, fit = 0, intent = 0 } = value.tiers[better];
    return least.points >= points && least.fit >= fit && least.intent >= intent;
  });
  if (taker === undefined) return;
  const message = `No lead can reach tier ${tier}: tier ${taker} takes all of its leads`;
  const hint = `Let tier ${tier} ask for less than tier ${taker}.`;
  problems.add('warning', 'model.yml', locate(['tiers', tier])(), message, hint);
}

/** The least that a lead of a tier has of each, where one follows from the others and the caps too. */
function leastOf({ tiers, caps }: ModelFile, tier: Tier) {
  const { points, fit = 0, intent = 0 } = tiers[tier];
  return {
    points: Math.max(points, fit + intent),
    fit: Math.max(fit, points - caps.intent),
    intent: Math.max(intent, points - caps.fit),
  };
}

function lintStopCodes(parsed: ParsedRuleFiles, problems: ProblemList): void {
  const codes = parsed.model.value.disqualify_reasons.map((reason) => reason.code);
  (parsed.disqualify.value.stops ?? []).forEach(({ code }, index) => {
    if (codes.includes(code)) return;
    const at = parsed.disqualify.locate(['stops', index, 'code'])();
    const hint = didYouMean(code, codes) ?? `Known in model.yml: ${codes.join(', ')}.`;
    problems.add('error', 'disqualify.yml', at, `Unknown code "${code}"`, hint);
  });
}

export function lintTeams(parsed: ParsedRuleFiles, problems: ProblemList): void {
  parsed.routing.value.teams.forEach((team, index) => {
    const { id, hours, reps } = team;
    const at = (...path: string[]) => parsed.routing.locate(['teams', index, ...path])();
    if (!isTimeZone(hours.time_zone)) {
      const message = `Unknown time zone "${hours.time_zone}"`;
      const hint =
        didYouMean(hours.time_zone, Intl.supportedValuesOf('timeZone')) ??
        'Such as America/New_York or Europe/Berlin.';
      problems.add('error', 'routing.yml', at('hours', 'time_zone'), message, hint);
    }
    if (reps.length === 0) {
      const message = `Team "${id}" has no reps: its leads wait on the board`;
      problems.add('warning', 'routing.yml', at('reps'), message);
    }
    const order = escalationProblem(team, parsed.model.value);
    if (order !== null) {
      problems.add('warning', 'routing.yml', at('escalation'), order.message, order.hint);
    }
  });
}

/** Steps that cannot do what they seem to say. */
function escalationProblem(
  { id, escalation, manager }: TeamSource,
  { tiers }: ModelFile,
): { message: string; hint: string } | null {
  if (escalation === undefined) return null;
  if (escalation.manager !== undefined && escalation.manager !== 'never' && manager === undefined) {
    const hint = 'Add manager: with an e-mail address, or write manager: never.';
    return { message: `Team "${id}" has no manager who could be told`, hint };
  }
  for (const tier of escalation.tiers ?? DEFAULT_ESCALATION.tiers) {
    const lefts = ESCALATION_STEPS.flatMap((step) => {
      const left = minutesLeft(
        escalation[step] ?? DEFAULT_ESCALATION[step],
        tiers[tier].sla_minutes,
      );
      return left === null ? [] : { step, left };
    });
    const place = lefts.findIndex(({ left }, index) => (lefts[index - 1]?.left ?? left) < left);
    const [before, late] = [lefts[place - 1], lefts[place]];
    if (late === undefined || before === undefined) continue;
    const message = `For tier ${tier}, ${late.step} comes before ${before.step}, which is then skipped`;
    return { message, hint: 'Less time is left at each step: rep, then team, then manager.' };
  }
  return null;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
