import type { HomeView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Message } from '../blocks/message.ts';
import { buildHome, buildHomeRefused, buildHomeUnavailable } from '../home/build-home.ts';
import type { HomeStates } from '../home/home-port.ts';
import type { HomeData, HomeState } from '../home/home-views.ts';
import { sentence } from '../replies/sentence.ts';
import { attempt, before } from './attempt.ts';
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

interface Drawing {
  /** What it has to tell and has not shown yet: the next one tells it when this one is overtaken. */
  untold: Message | null;
}

/** The drawing that began last, for each person who looks: nothing older is sent after it began. */
const newest = new Map<string, Drawing>();
/** The page that is on its way to Slack: of two at once, the older could arrive last. */
const sending = new Map<string, Promise<void>>();
/** How long somebody may still look at a page that says that a part of it is missing. */
const PATIENCE_MS = 15_000;

/** Draws App Home for one person, by role; what is late is added when it is there. */
export async function drawHome(deps: SlackDeps, request: HomeRequest): Promise<void> {
  const { client, userId, spentMs = 0 } = request;
  const traceId = deps.ids();
  const notice = request.notice ?? newest.get(userId)?.untold ?? null;
  const drawing: Drawing = { untold: notice };
  newest.set(userId, drawing);
  const isNewest = () => newest.get(userId) === drawing;
  const publish = (view: HomeView): Promise<void> =>
    inTurn(userId, async () => {
      if (!isNewest()) return;
      await client.views.publish({ user_id: userId, view });
      drawing.untold = null;
    });
  await attempt(deps, {
    name: 'publish home',
    traceId,
    spentMs,
    work: () => build(deps, { ...request, notice }, traceId),
    async done({ view, whole }) {
      await publish(view);
      const later = whole === null || !isNewest() ? 'late' : await before(whole, PATIENCE_MS);
      if (later !== 'late') await publish(later);
    },
    late: () => publish(buildHomeUnavailable(notice)),
    failed: () => publish(buildHomeUnavailable(notice)),
  });
  if (isNewest()) newest.delete(userId);
}

async function inTurn(userId: string, send: () => Promise<void>): Promise<void> {
  const earlier = sending.get(userId);
  const turn = earlier === undefined ? send() : earlier.then(send, send);
  sending.set(userId, turn);
  try {
    await turn;
  } finally {
    if (sending.get(userId) === turn) sending.delete(userId);
  }
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

interface Drawn {
  view: HomeView;
  whole: Promise<HomeView> | null;
}

async function build(
  deps: SlackDeps,
  { userId, notice = null, spentMs = 0, change }: HomeRequest,
  traceId: string,
): Promise<Drawn> {
  const allowed = await requireRole(deps.members, userId, 'home');
  if (!allowed.ok) return { view: buildHomeRefused(sentence(allowed.message)), whole: null };
  const state = await (change?.(deps.homeStates) ?? deps.homeStates.read(userId));
  const left = Math.max(0, (deps.deadlineMs ?? DEADLINE_MS) - spentMs);
  const limits = { traceId, withinMs: Math.round(left * SHARE_FOR_PARTS) };
  const { data, whole } = await readHome(deps, allowed.member, state, limits);
  const draw = (shown: HomeData) => buildHome(shown, deps.clock.now(), notice);
  return { view: draw(data), whole: whole?.then(draw) ?? null };
}
