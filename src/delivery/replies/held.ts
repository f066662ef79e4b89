import type { KnownBlock } from '@slack/types';
import { ACTIONS } from '../action-ids.ts';
import { actions, br, button, header, richText, section, span } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { encodeLeadBlock, encodeLeadRef } from '../lead-ref.ts';
import { escapeMrkdwn, fitLine } from '../text/escape.ts';
import { HELD } from '../text/reply-words.ts';
import { richDate } from '../text/time.ts';
import { LABELS } from '../text/words.ts';
import type { HeldLeadRow } from '../views.ts';
import { sentence } from './sentence.ts';

const SHOWN = 20;

/** What is held, why, since when; Release where it is a lead. */
export function buildHeld(rows: readonly HeldLeadRow[], now: Date): Message {
  if (rows.length === 0) return sentence(HELD.none);
  const title = HELD.title(rows.length);
  const lines = rows
    .slice(0, SHOWN)
    .map((row) => `${escapeMrkdwn(row.label, 120)}: ${escapeMrkdwn(row.reason, 120)}`);
  return { text: [title, ...lines].join('\n'), blocks: [header(title), ...heldBlocks(rows, now)] };
}

export function heldBlocks(rows: readonly HeldLeadRow[], now: Date, max = SHOWN): KnownBlock[] {
  const blocks = rows.slice(0, max).flatMap((row) => heldRow(row, now));
  return rows.length > max ? [...blocks, section(HELD.more(rows.length - max))] : blocks;
}

function heldRow(row: HeldLeadRow, now: Date): KnownBlock[] {
  const about = [
    span(fitLine(row.label, 120), 'bold'),
    span(`, ${HELD.since} `),
    richDate(row.since, now),
    br(),
    span(fitLine(`${row.reason}: ${row.detail}`, 300)),
  ];
  if (row.leadId === null) return [richText(...about), ...eventButtons(row)];
  const ref = { leadId: row.leadId, revision: 0 };
  const spoken = `${LABELS.release} ${row.label}`;
  const release = { label: LABELS.release, actionId: ACTIONS.leadRelease, spoken };
  return [
    richText(...about),
    actions(encodeLeadBlock('command', ref), [button({ ...release, value: encodeLeadRef(ref) })]),
  ];
}

function eventButtons({ eventId, label }: HeldLeadRow): KnownBlock[] {
  if (eventId === null) return [];
  const of = (name: string, actionId: string) =>
    button({ label: name, actionId, spoken: `${name} ${label}`, value: eventId });
  return [
    actions(`event.${eventId}`, [
      of(LABELS.retry, ACTIONS.eventRetry),
      of(LABELS.dismiss, ACTIONS.eventDismiss),
    ]),
  ];
}
