import type { KnownBlock } from '@slack/types';
import type { HeldReason } from '../../lead/held-reason.ts';
import { ACTIONS } from '../action-ids.ts';
import {
  actions,
  br,
  button,
  context,
  divider,
  header,
  mrkdwn,
  richText,
  section,
  span,
} from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { encodeLeadBlock } from '../lead-ref.ts';
import { escapeMrkdwn, fitLine } from '../text/escape.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { HELD } from '../text/reply-words.ts';
import { richDate } from '../text/time.ts';
import { truncate } from '../text/truncate.ts';
import { LABELS } from '../text/words.ts';
import type { FoundHeld, HeldLeadRow, HeldList, HeldView } from '../views.ts';
import { HELD_TEXT } from './lead-notice.ts';
import { releaseButton } from './release-button.ts';
import { sentence } from './sentence.ts';

/** A message takes 50 blocks: this many of one kind, half as many of each of two. */
const SHOWN = 18;
/** Eighteen of the longest stay below what one message may hold. */
const LABEL_MAX = 100;
const REASON_MAX = 220;

/** Reasons whose sentence says all that their detail says. */
const SAID_ALREADY: ReadonlySet<string> = new Set<HeldReason>([
  ...(['no-identity', 'notification-without-id', 'signal-without-kind'] as const),
  ...(['signal-without-lead', 'signal-time-out-of-range'] as const),
]);

interface Kind {
  list: HeldList;
  title: string;
  hint: string;
}

/** What is held, why, since when: the broken first, since only they need mending. */
export function buildHeld(view: HeldView, now: Date): Message {
  const kinds = kindsOf(view);
  if (kinds.length === 0) return sentence(HELD.none);
  const shown = SHOWN / kinds.length;
  const lines = kinds.flatMap(({ title, list }) => [
    title,
    ...list.rows
      .slice(0, shown)
      .map((row) => `${escapeMrkdwn(row.label, LABEL_MAX)}: ${escapeMrkdwn(reasonOf(row), 120)}`),
  ]);
  const text = truncate(lines.join('\n'), SLACK_LIMITS.fallbackText);
  return { text, blocks: heldBlocks(view, now, shown).slice(1) };
}

/** `/firstcall release` with words that fit several: one tap each. */
export function buildHeldMatches({ rows, more }: FoundHeld, now: Date): Message {
  const title = HELD.matches(rows.length, more);
  const text = [title, ...rows.map((row) => escapeMrkdwn(row.label, LABEL_MAX))].join('\n');
  return {
    text: truncate(text, SLACK_LIMITS.fallbackText),
    blocks: [section(`*${title}*`), ...rows.flatMap((row) => heldRow(row, now))],
  };
}

/** Each kind that there is, after a divider. */
export function heldBlocks(view: HeldView, now: Date, max: number): KnownBlock[] {
  return kindsOf(view).flatMap(({ list, title, hint }) => {
    const rows = list.rows.slice(0, max);
    const blocks = [
      divider(),
      header(title),
      context(mrkdwn(hint)),
      ...rows.flatMap((row) => heldRow(row, now)),
    ];
    const more = list.count - rows.length;
    return more > 0 ? [...blocks, section(HELD.more(more))] : blocks;
  });
}

function kindsOf({ broken, stopped }: HeldView): Kind[] {
  const kinds = [
    { list: broken, title: HELD.broken(broken.count), hint: HELD.brokenHint },
    { list: stopped, title: HELD.stopped(stopped.count), hint: HELD.stoppedHint },
  ];
  return kinds.filter(({ list }) => list.count > 0);
}

function reasonOf({ reason, detail }: HeldLeadRow): string {
  if (reason === 'disqualified') return HELD.stoppedBy(detail.replaceAll('_', ' '));
  if (reason === 'cannot-be-scored') return HELD.cannotBeScored(detail);
  const text = HELD_TEXT[reason] ?? reason;
  return detail === '' || SAID_ALREADY.has(reason) ? text : `${text} ${HELD.detail(detail)}`;
}

function heldRow(row: HeldLeadRow, now: Date): KnownBlock[] {
  const about = [
    span(fitLine(row.label, LABEL_MAX), 'bold'),
    span(`, ${row.leadId === null ? HELD.received : HELD.since} `),
    richDate(row.since, now),
    br(),
    span(fitLine(reasonOf(row), REASON_MAX)),
  ];
  if (row.leadId === null) return [richText(...about), ...eventButtons(row)];
  const ref = { leadId: row.leadId, revision: 0 };
  return [
    richText(...about),
    actions(encodeLeadBlock('command', ref), [
      releaseButton({ leadId: row.leadId, label: row.label, optedOut: row.optedOut === true }),
    ]),
  ];
}

function eventButtons({ eventId, label }: HeldLeadRow): KnownBlock[] {
  if (eventId === null) return [];
  const of = (name: string, actionId: string) => ({
    ...{ label: name, actionId, spoken: `${name} ${label}`, value: eventId },
  });
  // Nobody can take it back, and on a phone it stands a finger away from the other one.
  const confirm = {
    ...{ title: HELD.dismissTitle, text: HELD.dismissText(fitLine(label, LABEL_MAX)) },
    ...{ yes: LABELS.dismiss, no: HELD.keepHeld },
  };
  return [
    actions(`event.${eventId}`, [
      button(of(LABELS.retry, ACTIONS.eventRetry)),
      button({ ...of(LABELS.dismiss, ACTIONS.eventDismiss), confirm }),
    ]),
  ];
}
