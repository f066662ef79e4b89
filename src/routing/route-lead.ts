import type { Assessment, Tier } from '../scoring/assessment.ts';
import type { FeatureSnapshot } from '../scoring/features.ts';
import { judgeRoutes, type RouteJudgement } from '../scoring/judge-routes.ts';
import type { TeamSource } from '../scoring/rule-files.ts';
import type { Ruleset } from '../scoring/ruleset.ts';
import { addBusinessMinutes, type BusinessHours } from './business-hours.ts';
import { chooseRep, type RepChoice, type RepLoad } from './choose-rep.ts';

export interface RoutingInput {
  snapshot: FeatureSnapshot;
  assessment: Pick<Assessment, 'points' | 'tier'>;
  /** What a person said it should be; null: the assessment's tier stands. */
  overrideTier?: Tier | null;
  load: RepLoad;
  /** Present owner in the CRM. */
  ownerEmail?: string | null;
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
  const tier = input.overrideTier ?? input.assessment.tier;
  const derived = { tier, points: input.assessment.points };
  const judged = judgeRoutes(ruleset, input.snapshot, input.now, derived);
  const { route, team, unknown } = matchRoute(judged, ruleset.teams);
  const choice = chooseRep(team, input.load, input.ownerEmail ?? null);
  const slaMinutes = ruleset.model.tiers[tier].sla_minutes;
  return {
    team: team.id,
    channel: team.channel,
    repEmail: choice.repEmail,
    ruleId: route.routeId,
    slaDueAt: addBusinessMinutes(input.waitingSince ?? input.now, slaMinutes, hoursOf(team)),
    because: sentence(route, choice, unknown),
  };
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
  'least-open': 'goes to the rep with the fewest open leads',
  'round-robin': "it is this rep's turn",
  'no-reps': 'the team has no reps listed, so anybody may take it',
  'all-absent': 'everybody is absent, so anybody may take it',
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
