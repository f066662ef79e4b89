import type { HomeView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Message } from '../blocks/message.ts';
import { buildHome, buildHomeRefused, buildHomeUnavailable } from '../home/build-home.ts';
import type { HomeStates } from '../home/home-port.ts';
import type { HomeState } from '../home/home-views.ts';
import { sentence } from '../replies/sentence.ts';
import { attempt } from './attempt.ts';
import { DEADLINE_MS, type SlackDeps } from './deps.ts';
import { readHome } from './read-home.ts';
import { requireRole } from './require-role.ts';

export interface HomeRequest {
  client: WebClient;
  userId: string;
  /** Answers what they just did there. */
  notice?: Message | null;
  /** Time that the person has waited already for what the notice says. */
  spentMs?: number;
  /** What they chose, or that they opened it; done only for somebody who may. Absent: as it was. */
  change?: (states: HomeStates) => Promise<HomeState>;
}

/** Draws App Home for one person, by role. */
export async function drawHome(deps: SlackDeps, request: HomeRequest): Promise<void> {
  const { client, userId, notice = null, spentMs = 0 } = request;
  const traceId = deps.ids();
  const publish = async (view: HomeView): Promise<void> => {
    await client.views.publish({ user_id: userId, view });
  };
  await attempt(deps, {
    name: 'publish home',
    traceId,
    spentMs,
    work: () => build(deps, request, traceId),
    done: publish,
    late: () => publish(buildHomeUnavailable(notice)),
    failed: () => publish(buildHomeUnavailable(notice)),
  });
}

/** The same after something was done elsewhere: `notice` says what. */
export function publishHome(
  deps: SlackDeps,
  client: WebClient,
  userId: string,
  notice: Message | null = null,
  spentMs = 0,
): Promise<void> {
  return drawHome(deps, { client, userId, notice, spentMs });
}

/** Of what is left, for the parts of the view; the rest is for Slack to show it. */
const SHARE_FOR_PARTS = 0.8;

async function build(
  deps: SlackDeps,
  { userId, notice = null, spentMs = 0, change }: HomeRequest,
  traceId: string,
): Promise<HomeView> {
  const allowed = await requireRole(deps.members, userId, 'home');
  if (!allowed.ok) return buildHomeRefused(sentence(allowed.message));
  const state = await (change?.(deps.homeStates) ?? deps.homeStates.read(userId));
  const left = Math.max(0, (deps.deadlineMs ?? DEADLINE_MS) - spentMs);
  const limits = { traceId, withinMs: Math.round(left * SHARE_FOR_PARTS) };
  return buildHome(await readHome(deps, allowed.member, state, limits), deps.clock.now(), notice);
}
