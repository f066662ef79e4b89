import type { KnownBlock } from '@slack/types';
import type { Surface } from '../../decisions/ledger.ts';
import { context, divider, header, mrkdwn, section } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { leadEntry, leadLine } from '../cards/lead-entry.ts';
import { HOME } from '../text/home-words.ts';
import { QUEUE } from '../text/reply-words.ts';
import type { LeadRow, QueueView } from '../views.ts';
import { sentence } from './sentence.ts';

const MINE_SHOWN = 8;
const ACCEPTED_SHOWN = 4;

/** `/firstcall queue`: what waits for me, what I have. */
export function buildQueue(view: QueueView, now: Date): Message {
  const { mine, mineCount, accepted, acceptedCount, userId: viewer } = view;
  if (mineCount + acceptedCount === 0) return sentence(QUEUE.empty);
  const title = QUEUE.title(mineCount, acceptedCount);
  const lines = [
    ...mine.slice(0, MINE_SHOWN).map((lead, index) => leadLine(lead, index + 1, now, { viewer })),
    ...accepted.slice(0, ACCEPTED_SHOWN).map((lead) => leadLine(lead, null, now, { viewer })),
  ];
  const place = { surface: 'queue', viewer } as const;
  const isCut = mineCount > MINE_SHOWN || acceptedCount > ACCEPTED_SHOWN;
  return {
    text: [title, ...lines].join('\n'),
    blocks: [
      header(title),
      ...entries(
        mine,
        { ...place, title: QUEUE.mine, count: mineCount, max: MINE_SHOWN, ranked: true },
        now,
      ),
      ...entries(
        accepted,
        {
          ...place,
          title: QUEUE.accepted,
          count: acceptedCount,
          max: ACCEPTED_SHOWN,
          ranked: false,
        },
        now,
      ),
      ...(isCut ? [context(mrkdwn(QUEUE.rest))] : []),
    ],
  };
}

export interface ListOptions {
  title: string;
  /** How many there are in all; the list may hold fewer. */
  count: number;
  max: number;
  surface: Surface;
  ranked: boolean;
  /** Whose list it is. */
  viewer: string;
}

export function entries(leads: readonly LeadRow[], options: ListOptions, now: Date): KnownBlock[] {
  if (leads.length === 0) return [];
  const { title, count, max, surface, ranked, viewer } = options;
  const shown = leads.slice(0, max);
  const part = shown.length < count ? `  ·  ${HOME.shown(shown.length, count)}` : '';
  const blocks: KnownBlock[] = [divider(), section(`*${title}*${part}`)];
  shown.forEach((lead, index) => {
    const rank = ranked ? index + 1 : null;
    const primary = ranked && index === 0;
    blocks.push(...leadEntry(lead, { surface, rank, revision: 0, now, primary, viewer }));
  });
  return blocks;
}

/** `/firstcall next`: one lead, the best that is mine to take. */
export function buildNext(lead: LeadRow | null, viewer: string, now: Date): Message {
  if (lead === null) return sentence(QUEUE.noNext);
  const place = { surface: 'next', rank: null, revision: 0, now, primary: true, viewer } as const;
  return {
    text: `${QUEUE.next}: ${leadLine(lead, null, now, { viewer })}`,
    blocks: [section(`*${QUEUE.next}*`), ...leadEntry(lead, place)],
  };
}
