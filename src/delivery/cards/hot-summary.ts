import type { KnownBlock } from '@slack/types';
import { rankLeads } from '../../scoring/rank-leads.ts';
import { context, divider, header, mrkdwn } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { BOARD, HOT } from '../text/words.ts';
import type { LeadRow } from '../views.ts';
import { BOARD_SIZE } from './board.ts';
import { leadEntry, leadLine } from './lead-entry.ts';

/**
 * One message in place of many hot ones, so that a busy channel stays readable: in call order, what somebody
 * took already after what waits.
 */
export function buildHotSummary(leads: readonly LeadRow[], now: Date): Message {
  const ranked = rankLeads(
    leads.map((lead) => ({ ...lead, id: lead.leadId })),
    now,
  );
  const open = ranked.filter((lead) => lead.state === 'open');
  const shown = [...open, ...ranked.filter((lead) => lead.state !== 'open')].slice(0, BOARD_SIZE);
  const more = leads.length - shown.length;
  const title = HOT.summary(leads.length, open.length);
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
