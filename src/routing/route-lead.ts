import type { Assessment, Tier } from '../scoring/assessment.ts';
import type { FeatureSnapshot } from '../scoring/features.ts';
import { judgeRoutes, type RouteJudgement } from '../scoring/judge-routes.ts';
import type { TeamSource } from '../scoring/rule-files.ts';
import type { Ruleset } from '../scoring/ruleset.ts';
import { addBusinessMinutes, type BusinessHours } from './business-hours.ts';
import { chooseRep, type FormerRep, type RepChoice, type RepLoad } from './choose-rep.ts';

export interface RoutingInput {
  snapshot: FeatureSnapshot;
  assessment: Pick<Assessment, 'points' | 'tier'>;
  /** What a person said it should be; null: the assessment's tier stands. */
  overrideTier?: Tier | null;
  load: RepLoad;
  /** Present owner in the CRM. */
  ownerEmail?: string | null;
  /** By id of a team: who had the lead there. */
  formerReps?: ReadonlyMap<string, FormerRep>;
  /** From when on the lead waits: its receipt. Default: `now`. */
  waitingSince?: Date;
  now: Date;
}

export interface Assignment {
  /** Id of the team in routing.yml. */
  team: string;
  /** Channel as routing.yml names it. */
  channel: string;
  /** Lower case; null: anybody of the team. */
  repEmail: string | null;
  ruleId: string;
  slaDueAt: Date;
  /** One plain sentence: which route, who, and what could not be judged. No lead data but rule texts. */
  because: string;
}

/** Who should act, and by when: the first route that is true decides. A function of its arguments. */
export function routeLead(ruleset: Ruleset, input: RoutingInput): Assignment {
  const { route, team, unknown } = routeOf(ruleset, input);
  const choice = chooseIn(team, input);
  return {
    ...placeIn(ruleset, team, input),
    repEmail: choice.repEmail,
    ruleId: route.routeId,
    because: sentence(route, choice, unknown),
  };
}

/**
 * The lead where it is, whatever the routes say, by the deadline of its present tier. `ownerEmail`: its owner in
 * the CRM, where the team says that they count. Null: there is no such team any more.
 */
export function keepInTeam(
  ruleset: Ruleset,
  teamId: string,
  input: RoutingInput,
): (Pick<Assignment, 'team' | 'channel' | 'slaDueAt'> & { ownerEmail: string | null }) | null {
  const team = ruleset.teams.find(({ id }) => id === teamId);
  if (team === undefined) return null;
  const { repEmail, why } = chooseIn(team, input);
  return { ...placeIn(ruleset, team, input), ownerEmail: why === 'owner' ? repEmail : null };
}

/** Would the lead go to another team if it still were as `before`, with the score that it has now? */
export function isMovedByFacts(
  ruleset: Ruleset,
  before: FeatureSnapshot,
  input: RoutingInput,
): boolean {
  const then = routeOf(ruleset, { ...input, snapshot: before });
  return then.team.id !== routeOf(ruleset, input).team.id;
}

function tierOf({ overrideTier, assessment }: RoutingInput): Tier {
  return overrideTier ?? assessment.tier;
}

function chooseIn(team: TeamSource, input: RoutingInput): RepChoice {
  const former = input.formerReps?.get(team.id) ?? null;
  return chooseRep(team, input.load, input.ownerEmail ?? null, former);
}

function placeIn(
  ruleset: Ruleset,
  team: TeamSource,
  input: RoutingInput,
): Pick<Assignment, 'team' | 'channel' | 'slaDueAt'> {
  const { sla_minutes: minutes } = ruleset.model.tiers[tierOf(input)];
  const slaDueAt = addBusinessMinutes(input.waitingSince ?? input.now, minutes, hoursOf(team));
  return { team: team.id, channel: team.channel, slaDueAt };
}

function routeOf(ruleset: Ruleset, input: RoutingInput): Match {
  const derived = { tier: tierOf(input), points: input.assessment.points };
  return matchRoute(judgeRoutes(ruleset, input.snapshot, input.now, derived), ruleset.teams);
}

interface Match {
  route: RouteJudgement;
  team: TeamSource;
  /** Routes before it that could not be judged. */
  unknown: readonly RouteJudgement[];
}

// Lint demands a last route that takes everyone and teams that exist: without them the ruleset is broken.
function matchRoute(judged: readonly RouteJudgement[], teams: readonly TeamSource[]): Match {
  const index = judged.findIndex((route) => route.outcome === true);
  const route = judged[index];
  const team = teams.find(({ id }) => id === route?.team);
  if (route === undefined || team === undefined) {
    throw new RangeError('routing.yml takes no lead: no catch-all route, or one to a missing team');
  }
  const before = judged.slice(0, index);
  return { route, team, unknown: before.filter(({ outcome }) => outcome === 'unknown') };
}

const hoursByTeam = new WeakMap<Pick<TeamSource, 'hours' | 'holidays'>, BusinessHours>();

/** The hours of a team of routing.yml; the same object each time, so that its calendar is worked out once. */
export function hoursOf(team: Pick<TeamSource, 'hours' | 'holidays'>): BusinessHours {
  const known = hoursByTeam.get(team);
  if (known !== undefined) return known;
  const { time_zone: timeZone, days, from, to } = team.hours;
  const hours = { timeZone, days, from, to, holidays: team.holidays ?? [] };
  hoursByTeam.set(team, hours);
  return hours;
}

const CHOICES: Readonly<Record<RepChoice['why'], string>> = {
  owner: 'stays with its owner in the CRM',
  former: 'stays with the rep who had it',
  'still-anyone': 'nobody had it, so anybody may take it',
  'least-open': 'goes to the rep with the fewest open leads',
  'round-robin': "it is this rep's turn",
  'no-reps': 'the team has no reps listed, so anybody may take it',
  // Reps read this: it does not say who is away.
  'all-absent': 'nobody of the team is free, so anybody may take it',
  'all-at-capacity': 'everybody is at capacity, so anybody may take it',
};

function sentence(
  route: RouteJudgement,
  choice: RepChoice,
  unknown: readonly RouteJudgement[],
): string {
  const [first, ...more] = unknown;
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  const doubt =
    first === undefined ? '' : ` Not judged: ${first.routeId}${others} (${first.text}).`;
  return `${route.text}: ${CHOICES[choice.why]}.${doubt}`;
}
