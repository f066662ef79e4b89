import type { HomeData, HomeState, Part } from '../home/home-views.ts';
import type { GrantableRole, Member } from '../ports.ts';
import { before } from './attempt.ts';
import type { SlackDeps } from './deps.ts';
import { describeError } from './describe-error.ts';
import { readHealthLines } from './read-health-lines.ts';
import { mayDo } from './require-role.ts';

const REPORT_DAYS = 7;

export interface PartLimits {
  traceId: string;
  /** A part that takes longer says so, and the others are shown. */
  withinMs: number;
}

/** Everything that App Home shows to this person, each part by itself. */
export async function readHome(
  deps: SlackDeps,
  member: Member,
  state: HomeState,
  limits: PartLimits,
): Promise<HomeData> {
  const { home, queries, ruleAdmin, switches } = deps;
  const { slackUserId: userId } = member;
  const role: GrantableRole = member.role === 'guest' ? 'rep' : member.role;
  const isManager = mayDo(role, 'held');
  const isAdmin = mayDo(role, 'grant');
  const part = <T>(name: string, read: () => Promise<T>) => readPart(deps, name, read, limits);
  const when = <T>(wanted: boolean, name: string, read: () => Promise<T>) =>
    wanted ? part(name, read) : null;
  const asksSetup = isAdmin && !state.introduced.includes('admin');
  const parts = await Promise.all([
    part('paused', () => switches.paused()),
    part('queue', () => home.queue(userId, state)),
    part('figures', () => home.figures(userId)),
    part('overrides', () => home.overrides(userId)),
    when(isManager, 'team', () => home.team(member)),
    when(isManager, 'held', () => queries.held()),
    when(isManager, 'report', () => queries.report(REPORT_DAYS)),
    when(isAdmin, 'rules', async () => {
      const live = await ruleAdmin.live();
      return { version: live.version, count: live.rules.length };
    }),
    when(isAdmin, 'health', () => readHealthLines(deps)),
    when(isAdmin, 'people', () => home.people()),
    when(asksSetup, 'setup', () => home.setup()),
  ]);
  const [paused, queue, figures, overrides, team, held, report, rules, health, people, setup] =
    parts;
  return {
    ...{ userId, role, introduced: state.introduced, paused, queue, figures, overrides },
    ...{ team, held, report, rules, health, people, setup },
  };
}

async function readPart<T>(
  deps: SlackDeps,
  name: string,
  read: () => Promise<T>,
  { traceId, withinMs }: PartLimits,
): Promise<Part<T>> {
  try {
    const outcome = await before(
      read().then((value) => ({ ok: true as const, value })),
      withinMs,
    );
    if (outcome !== 'late') return outcome;
    deps.log.warn({ traceId, part: name, withinMs }, 'a part of App Home is late');
  } catch (error) {
    deps.log.error({ traceId, part: name, err: describeError(error) }, 'a part of App Home failed');
  }
  return { ok: false };
}
