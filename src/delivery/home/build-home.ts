import type { HomeView, KnownBlock } from '@slack/types';
import { context, divider, header, mrkdwn, section } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { heldBlocks } from '../replies/held.ts';
import { HOME } from '../text/home-words.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { SWITCH } from '../text/reply-words.ts';
import { dateToken } from '../text/time.ts';
import { BOARD } from '../text/words.ts';
import { attentionBlocks, healthBlocks, peopleBlocks, rulesBlocks } from './admin.ts';
import type { HomeData } from './home-views.ts';
import { introBlocks } from './intro.ts';
import { teamBlocks, teamReportBlocks } from './manager.ts';
import { draw } from './part.ts';
import { figureBlocks, overrideBlocks, queueBlocks } from './rep.ts';

/** Rows of each list beside the queue, the most that a view can take: fewer when all roles are one person's. */
const ROWS = [8, 5, 3, 2, 1];

/** One's own leads, the team for managers, rules, health and roles for admins. `notice` answers a click made here. */
export function buildHome(data: HomeData, now: Date, notice: Message | null = null): HomeView {
  const above = noticeBlocks(notice);
  const fitting = ROWS.map((rows) => withoutIdleDividers([...above, ...sections(data, now, rows)]));
  const blocks =
    fitting.find((each) => each.length <= SLACK_LIMITS.viewBlocks) ?? fitting.at(-1) ?? above;
  return { type: 'home', blocks: blocks.slice(0, SLACK_LIMITS.viewBlocks) };
}

function sections(data: HomeData, now: Date, rows: number): KnownBlock[] {
  const own = [
    header(HOME.title),
    ...draw(data.queue, 'queue', (queue) => queueBlocks(queue, now)),
  ];
  const team = [
    ...draw(data.team, 'team', (section) => teamBlocks(section, now, rows)),
    ...draw(data.held, 'held', (held) => heldBlocks(held, now, rows)),
  ];
  return [
    ...draw(data.paused, 'paused', (paused) =>
      paused ? [section(`*${SWITCH.stillPaused}*`)] : [],
    ),
    ...(data.health?.ok ? attentionBlocks(data.health.value) : []),
    ...introBlocks(data.role, data.introduced, data.setup),
    ...(hasOwnLeads(data) ? [...own, ...team] : [...team, divider(), ...own]),
    ...draw(hasOwnFigures(data) ? data.figures : null, 'figures', figureBlocks),
    ...draw(data.overrides, 'overrides', (overrides) => overrideBlocks(overrides, now)),
    ...draw(data.report, 'report', teamReportBlocks),
    ...draw(data.rules, 'rules', rulesBlocks),
    ...draw(data.health, 'health', healthBlocks),
    ...draw(data.people, 'people', (people) => peopleBlocks(people, now)),
    context(mrkdwn(BOARD.asOf(dateToken(now, now)))),
  ];
}

/** Parts bring their own: one is enough between two, and none above the first. */
function withoutIdleDividers(blocks: readonly KnownBlock[]): KnownBlock[] {
  return blocks.filter(
    ({ type }, index) => type !== 'divider' || (blocks[index - 1] ?? { type }).type !== 'divider',
  );
}

/** Whoever calls leads sees theirs first; a manager without any sees the team first. */
function hasOwnLeads({ role, queue }: HomeData): boolean {
  if (role === 'rep' || !queue.ok) return true;
  return Object.values(queue.value.counts).some((count) => count > 0);
}

/** A manager who accepts nothing has no figures, which says nothing of them. */
function hasOwnFigures({ role, figures }: HomeData): boolean {
  if (role === 'rep' || !figures.ok) return true;
  return figures.value.timeToAccept.n + figures.value.slaMet.n > 0;
}

function noticeBlocks(notice: Message | null): KnownBlock[] {
  return notice === null ? [] : [...notice.blocks, divider()];
}

/** When nothing can be read: the answer to a click is shown all the same. */
export function buildHomeUnavailable(notice: Message | null): HomeView {
  return { type: 'home', blocks: [...noticeBlocks(notice), section(HOME.unavailable)] };
}

/** For somebody who may not use First Call here: one sentence, no data. */
export function buildHomeRefused(notice: Message): HomeView {
  return { type: 'home', blocks: notice.blocks };
}
