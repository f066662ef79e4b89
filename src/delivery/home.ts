import type { HomeView, KnownBlock } from '@slack/types';
import { ACTIONS } from './action-ids.ts';
import { actions, button, context, divider, header, mrkdwn, section } from './blocks/kit.ts';
import type { Message } from './blocks/message.ts';
import type { LiveRules } from './modals/rules.ts';
import { heldBlocks } from './replies/held.ts';
import { entries } from './replies/queue.ts';
import { reportBlocks } from './replies/report.ts';
import { SLACK_LIMITS } from './text/limits.ts';
import { SWITCH } from './text/reply-words.ts';
import { dateToken } from './text/time.ts';
import { BOARD, HOME, LABELS } from './text/words.ts';
import type { HeldView, QueueView, ReportView } from './views.ts';

/** What App Home shows; null parts are not for this person's role. */
export interface HomeData {
  queue: QueueView;
  paused: boolean;
  report: ReportView | null;
  held: HeldView | null;
  rules: LiveRules | null;
}

const MINE_SHOWN = 10;
const ACCEPTED_SHOWN = 5;
const HELD_SHOWN = 5;

/** My queue first; the team for managers; the rules for admins. `notice` answers a click made here. */
export function buildHome(data: HomeData, now: Date, notice: Message | null = null): HomeView {
  const { queue, report, held, rules } = data;
  const blocks: KnownBlock[] = [
    ...(notice === null ? [] : [...notice.blocks, divider()]),
    ...(data.paused ? [section(`*${SWITCH.stillPaused}*`)] : []),
    header(HOME.title),
    ...(queue.mineCount + queue.acceptedCount === 0 ? [section(HOME.nothing)] : []),
    ...entries(
      queue.mine,
      {
        ...{ title: HOME.mine(queue.mineCount), count: queue.mineCount, max: MINE_SHOWN },
        ...{ surface: 'home', ranked: true, viewer: queue.userId },
      },
      now,
    ),
    ...entries(
      queue.accepted,
      {
        ...{ title: HOME.accepted(queue.acceptedCount), count: queue.acceptedCount },
        ...{ max: ACCEPTED_SHOWN, surface: 'home', ranked: false, viewer: queue.userId },
      },
      now,
    ),
    ...(held === null ? [] : heldBlocks(held, now, HELD_SHOWN)),
    ...(report === null ? [] : [divider(), header(HOME.team), ...reportBlocks(report)]),
    ...(rules === null ? [] : rulesBlocks(rules)),
    context(mrkdwn(BOARD.asOf(dateToken(now, now)))),
  ];
  return { type: 'home', blocks: blocks.slice(0, SLACK_LIMITS.viewBlocks) };
}

function rulesBlocks(rules: LiveRules): KnownBlock[] {
  return [
    divider(),
    section(HOME.rules(rules.version, rules.rules.length)),
    actions('home_rules', [button({ label: LABELS.rules, actionId: ACTIONS.rulesOpen })]),
  ];
}

/** When the queue cannot be read: the answer to a click is shown all the same. */
export function buildHomeUnavailable(notice: Message | null): HomeView {
  return {
    type: 'home',
    blocks: [...(notice === null ? [] : [...notice.blocks, divider()]), section(HOME.unavailable)],
  };
}

/** For somebody who may not use First Call here: one sentence, no data. */
export function buildHomeRefused(notice: Message): HomeView {
  return { type: 'home', blocks: notice.blocks };
}
