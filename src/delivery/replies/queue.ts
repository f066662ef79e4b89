import type { KnownBlock } from '@slack/types';
import type { Surface } from '../../decisions/ledger.ts';
import { divider, header, section } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { leadEntry, leadLine } from '../cards/lead-entry.ts';
import { QUEUE } from '../text/reply-words.ts';
import { HOME } from '../text/words.ts';
import type { LeadRow, QueueView } from '../views.ts';
import { sentence } from './sentence.ts';

const MINE_SHOWN = 8;
const ACCEPTED_SHOWN = 4;

/** `/firstcall queue`: what waits for me, what I have. */
export function buildQueue(view: QueueView, now: Date): Message {
  if (view.mine.length + view.accepted.length === 0) return sentence(QUEUE.empty);
  const title = QUEUE.title(view.mine.length, view.accepted.length);
  const lines = view.mine.slice(0, MINE_SHOWN).map((lead, i) => leadLine(lead, i + 1, now));
  return {
    text: [title, ...lines].join('\n'),
    blocks: [
      header(title),
      ...entries(
        view.mine,
        { title: QUEUE.mine, max: MINE_SHOWN, surface: 'queue', ranked: true },
        now,
      ),
      ...entries(
        view.accepted,
        { title: QUEUE.accepted, max: ACCEPTED_SHOWN, surface: 'queue', ranked: false },
        now,
      ),
    ],
  };
}

export interface ListOptions {
  title: string;
  max: number;
  surface: Surface;
  ranked: boolean;
}

export function entries(leads: readonly LeadRow[], options: ListOptions, now: Date): KnownBlock[] {
  if (leads.length === 0) return [];
  const { title, max, surface, ranked } = options;
  const blocks: KnownBlock[] = [divider(), section(`*${title}*`)];
  leads.slice(0, max).forEach((lead, index) => {
    const rank = ranked ? index + 1 : null;
    const primary = ranked && index === 0;
    blocks.push(...leadEntry(lead, { surface, rank, revision: 0, now, primary }));
  });
  if (leads.length > max) blocks.push(section(HOME.more(leads.length - max)));
  return blocks;
}

/** `/firstcall next`: one lead, the best that is mine to take. */
export function buildNext(lead: LeadRow | null, now: Date): Message {
  if (lead === null) return sentence(QUEUE.noNext);
  const place = { surface: 'next', rank: null, revision: 0, now, primary: true } as const;
  return {
    text: `${QUEUE.next}: ${leadLine(lead, null, now)}`,
    blocks: [section(`*${QUEUE.next}*`), ...leadEntry(lead, place)],
  };
}
