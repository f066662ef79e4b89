import type { KnownBlock } from '@slack/types';
import { rankLeads } from '../../scoring/rank-leads.ts';
import { context, divider, header, mrkdwn } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { BOARD, HOT } from '../text/words.ts';
import type { LeadRow } from '../views.ts';
import { BOARD_SIZE } from './board.ts';
import { leadEntry, leadLine } from './lead-entry.ts';

/**
 * One message for the hot leads that come after many others, so that a busy channel stays readable: in call
 * order, what somebody took already after what waits.
 *
 * @param inTenMinutes how many hot leads came in all, those with a message of their own among them
 */
export function buildHotSummary(
  leads: readonly LeadRow[],
  inTenMinutes: number,
  now: Date,
): Message {
  const ranked = rankLeads(
    leads.map((lead) => ({ ...lead, id: lead.leadId })),
    now,
  );
  const open = ranked.filter((lead) => lead.state === 'open');
  const shown = [...open, ...ranked.filter((lead) => lead.state !== 'open')].slice(0, BOARD_SIZE);
  const more = leads.length - shown.length;
  const title = `${headline(leads, inTenMinutes)}: ${toDo(leads.length, open)}`;
  const blocks: KnownBlock[] = [header(title)];
  shown.forEach((lead, index) => {
    const place = { rank: index + 1, primary: index === 0 && lead.state === 'open' };
    blocks.push(divider(), ...leadEntry(lead, { surface: 'hot', revision: 0, now, ...place }));
  });
  const foot = more > 0 ? `*${BOARD.more(more)}*  ${HOT.summaryFoot}` : HOT.summaryFoot;
  blocks.push(divider(), context(mrkdwn(foot)));
  const lines = shown.map((lead, index) => leadLine(lead, index + 1, now));
  if (more > 0) lines.push(BOARD.more(more));
  return { text: [title, ...lines].join('\n'), blocks };
}

/** By the tiers of now: an override, or other rules, may have made a lead that was hot an ordinary one. */
function headline(leads: readonly LeadRow[], inTenMinutes: number): string {
  if (!leads.every(isHot)) return HOT.wereHot(leads.length);
  // What was sent late may have come over a longer time.
  return HOT.moreHot(leads.length, inTenMinutes > leads.length ? inTenMinutes : null);
}

function toDo(all: number, open: readonly LeadRow[]): string {
  const first = open.filter(isHot).length;
  if (open.length === 0) return HOT.noneLeft;
  if (first === 0) return HOT.inTurn;
  if (first < open.length) return HOT.someFirst(first, open.length - first);
  if (open.length < all) return HOT.left(open.length);
  return HOT.allFirst(all);
}

function isHot({ effectiveTier }: LeadRow): boolean {
  return effectiveTier === 'A';
}
