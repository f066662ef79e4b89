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

export interface ReadHome {
  data: HomeData;
  /** With the parts that were late, once they are there; null: none was. */
  whole: Promise<HomeData> | null;
}

type Parts = Omit<HomeData, 'userId' | 'role' | 'introduced'>;
type Reads = { [Name in keyof Parts]: Promise<Parts[Name]> };

/** Everything that App Home shows to this person, each part by itself. */
export async function readHome(
  deps: SlackDeps,
  member: Member,
  state: HomeState,
  { traceId, withinMs }: PartLimits,
): Promise<ReadHome> {
  const role: GrantableRole = member.role === 'guest' ? 'rep' : member.role;
  const reads = startReads(deps, member, state, traceId);
  const person = { userId: member.slackUserId, role, introduced: state.introduced };
  let isLate = false;
  const parts = await gather(reads, async (read) => {
    const part = await before(read, withinMs);
    if (part !== 'late') return part;
    isLate = true;
    return UNREAD;
  });
  if (isLate) deps.log.warn({ traceId, withinMs }, 'App Home is shown without what is late');
  const whole = isLate
    ? gather(reads, (read) => read).then((all) => ({ ...person, ...all }))
    : null;
  return { data: { ...person, ...parts }, whole };
}

const UNREAD = { ok: false } as const;

function startReads(deps: SlackDeps, member: Member, state: HomeState, traceId: string): Reads {
  const { home, queries, ruleAdmin, switches } = deps;
  const { slackUserId: userId, role } = member;
  const isManager = mayDo(role, 'held');
  const isAdmin = mayDo(role, 'grant');
  const part = <T>(name: string, read: () => Promise<T>) => readPart(deps, name, read, traceId);
  const when = async <T>(wanted: boolean, name: string, read: () => Promise<T>) =>
    wanted ? part(name, read) : null;
  const asksSetup = isAdmin && !state.introduced.includes('admin');
  return {
    paused: part('paused', () => switches.paused()),
    queue: part('queue', () => home.queue(userId, state)),
    figures: part('figures', () => home.figures(userId)),
    overrides: part('overrides', () => home.overrides(userId)),
    team: when(isManager, 'team', () => home.team(member)),
    held: when(isManager, 'held', () => queries.held()),
    report: when(isManager, 'report', () => queries.report(REPORT_DAYS)),
    rules: when(isAdmin, 'rules', async () => {
      const live = await ruleAdmin.live();
      return { version: live.version, count: live.rules.length };
    }),
    health: when(isAdmin, 'health', () => readHealthLines(deps)),
    people: when(isAdmin, 'people', () => home.people()),
    setup: when(asksSetup, 'setup', () => home.setup()),
  };
}

/** Never rejects. */
async function readPart<T>(
  deps: SlackDeps,
  name: string,
  read: () => Promise<T>,
  traceId: string,
): Promise<Part<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    deps.log.error({ traceId, part: name, err: describeError(error) }, 'a part of App Home failed');
    return UNREAD;
  }
}

type Settle = <P>(read: Promise<P>) => Promise<P | typeof UNREAD>;

async function gather(reads: Reads, settle: Settle): Promise<Parts> {
  const [paused, queue, figures, overrides, team, held, report, rules, health, people, setup] =
    await Promise.all([
      settle(reads.paused),
      settle(reads.queue),
      settle(reads.figures),
      settle(reads.overrides),
      settle(reads.team),
      settle(reads.held),
      settle(reads.report),
      settle(reads.rules),
      settle(reads.health),
      settle(reads.people),
      settle(reads.setup),
    ]);
  return {
    ...{ paused, queue, figures, overrides, team, held },
    ...{ report, rules, health, people, setup },
  };
}
