import type { HomeView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Message } from '../blocks/message.ts';
import { buildHome, buildHomeRefused, buildHomeUnavailable } from '../home.ts';
import { sentence } from '../replies/sentence.ts';
import { attempt } from './attempt.ts';
import type { SlackDeps } from './deps.ts';
import { mayDo, requireRole } from './require-role.ts';

const REPORT_DAYS = 7;

/** Draws App Home for one person, by role; `notice` answers what they just did there. */
export async function publishHome(
  deps: SlackDeps,
  client: WebClient,
  userId: string,
  notice: Message | null = null,
): Promise<void> {
  const publish = async (view: HomeView): Promise<void> => {
    await client.views.publish({ user_id: userId, view });
  };
  await attempt(deps, {
    name: 'publish home',
    traceId: deps.ids(),
    work: () => readHome(deps, userId, notice),
    done: publish,
    late: () => publish(buildHomeUnavailable(notice)),
    failed: () => publish(buildHomeUnavailable(notice)),
  });
}

async function readHome(
  deps: SlackDeps,
  userId: string,
  notice: Message | null,
): Promise<HomeView> {
  const { queries, ruleAdmin, switches, clock } = deps;
  const allowed = await requireRole(deps.members, userId, 'home');
  if (!allowed.ok) return buildHomeRefused(sentence(allowed.message));
  const { role } = allowed.member;
  const [queue, paused, report, held, rules] = await Promise.all([
    queries.queue(userId),
    switches.paused(),
    mayDo(role, 'held') ? queries.report(REPORT_DAYS) : null,
    mayDo(role, 'held') ? queries.held() : null,
    mayDo(role, 'changeRule') ? ruleAdmin.live() : null,
  ]);
  return buildHome({ queue, paused, report, held, rules }, clock.now(), notice);
}
