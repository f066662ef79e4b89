import type { KnownBlock } from '@slack/types';
import { context, divider, header, mrkdwn, section } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { HELD } from '../text/reply-words.ts';
import { dateToken, urgency } from '../text/time.ts';
import { BOARD } from '../text/words.ts';
import type { BoardView } from '../views.ts';
import { leadEntry, leadLine } from './lead-entry.ts';

/** Leads shown on one board; the view holds no more. */
export const BOARD_SIZE = 10;

/** The ranked board of one channel: at most 50 blocks and 13,000 characters for any input. */
export function buildBoard(view: BoardView): Message {
  const leads = view.leads.slice(0, BOARD_SIZE);
  const more = Math.max(0, view.openCount - leads.length);
  const title = BOARD.title(view.openCount);
  const blocks: KnownBlock[] = [header(title)];
  if (leads.length === 0) blocks.push(section(BOARD.empty));
  else blocks.push(context(mrkdwn(summary(view, leads.length))));
  leads.forEach((lead, index) => {
    blocks.push(divider());
    const rank = index + 1;
    const now = view.computedAt;
    blocks.push(
      ...leadEntry(lead, {
        surface: 'board',
        rank,
        revision: view.revision,
        now,
        primary: index === 0,
      }),
    );
  });
  if (leads.length > 0) blocks.push(divider());
  blocks.push(context(mrkdwn(footer(view, more))));
  const lines = leads.map((lead, index) => leadLine(lead, index + 1, view.computedAt));
  if (more > 0) lines.push(BOARD.more(more));
  return { text: [leads.length === 0 ? BOARD.empty : title, ...lines].join('\n'), blocks };
}

/** What is left of a board that was posted anew and cannot be deleted. */
export function buildBoardMoved(): Message {
  return { text: BOARD.moved, blocks: [context(mrkdwn(BOARD.moved))] };
}

function summary(view: BoardView, shown: number): string {
  const late = view.leads.filter(
    (lead) => lead.slaDueAt !== null && urgency(lead.slaDueAt, view.computedAt) === 'overdue',
  ).length;
  const parts = [BOARD.shown(shown)];
  if (late > 0) parts.push(`*${BOARD.overdue(late)}*`);
  return `${parts.join('  ·  ')}  ·  ${BOARD.mine}`;
}

function footer(view: BoardView, more: number): string {
  const facts = [rulesetText(view), BOARD.asOf(dateToken(view.computedAt, view.computedAt))].join(
    ', ',
  );
  const lines = [`${facts}.  ${BOARD.order}`];
  if (more > 0) lines.unshift(`*${BOARD.more(more)}*`);
  const held = [
    ...(view.held.broken > 0 ? [HELD.broken(view.held.broken)] : []),
    ...(view.held.stopped > 0 ? [HELD.stopped(view.held.stopped)] : []),
  ];
  if (held.length > 0) lines.push(BOARD.held(held));
  return lines.join('\n');
}

/** What the scores on the board were worked out with; the live rules alone would be wrong until all are anew. */
function rulesetText({ rulesetVersion, olderVersions = [] }: BoardView): string {
  return olderVersions.length === 0
    ? BOARD.ruleset(rulesetVersion)
    : BOARD.rescoring(rulesetVersion, olderVersions);
}
