import type { KnownBlock } from '@slack/types';
import { LEAD_AWAKE, LEAD_TAKEN_BACK, type LeadNoticeKind } from '../../records/lead-notices.ts';
import { richText, span } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { leadEntry, leadLine } from '../cards/lead-entry.ts';
import type { LeadNoticeView } from '../queries/lead-notice-query.ts';
import { ASSIGNED, AWAKE, HAND_OVER, PUT_OFF } from '../text/decision-words.ts';
import { escapeMrkdwn, fitLine } from '../text/escape.ts';
import { LEAD_TEXT_LIMITS } from '../text/limits.ts';
import { LEAD } from '../text/words.ts';

const NOTE_SHOWN = 500;

/**
 * A direct message: a lead came to somebody, was taken from them, or is awake again. Stays true: drawn anew, it
 * shows where the lead stands now.
 */
export function buildLeadGiven(
  noticeKind: LeadNoticeKind,
  view: LeadNoticeView,
  now: Date,
): Message {
  const said = headline(noticeKind, view, fitLine);
  const text = headline(noticeKind, view, escapeMrkdwn);
  if (view.undone) return { text, blocks: [richText(span(said))] };
  const { lead, memberId: viewer } = view;
  const note = fitLine(view.note ?? '', NOTE_SHOWN);
  const blocks: KnownBlock[] = [richText(span(said, 'bold'))];
  if (note !== '') blocks.push(richText(span(`${HAND_OVER.said} `), span(note, 'italic')));
  const entry = leadEntry(lead, {
    ...{ surface: 'notice', rank: null, revision: 0, now, viewer },
    primary: lead.state === 'open',
  });
  // Of a closed lead nothing is to be done.
  blocks.push(...(lead.state === 'closed' ? entry.slice(0, -1) : entry));
  const noted = note === '' ? '' : ` ${HAND_OVER.said} ${escapeMrkdwn(note, NOTE_SHOWN)}`;
  const line = leadLine(lead, null, now, { viewer });
  return { text: `${text} ${line}.${noted}`, blocks };
}

/** `clean` makes a name, which is foreign text, fit for where it is shown. */
function headline(
  noticeKind: LeadNoticeKind,
  { kind, lead, byName, to, undone, isOwn }: LeadNoticeView,
  clean: (text: string, max: number) => string,
): string {
  const id = fitLine(lead.shortId, 20);
  const nameOr = (name: string | null, otherwise: string) =>
    clean(name ?? '', LEAD_TEXT_LIMITS.rep) || otherwise;
  const by = nameOr(byName, LEAD.someoneFirst);
  switch (noticeKind) {
    case LEAD_AWAKE:
      return isOwn ? AWAKE.back(id) : AWAKE.backBy(by, id);
    case LEAD_TAKEN_BACK:
      if (kind === 'snoozed' || kind === 'disqualified' || kind === 'accepted') {
        return undone ? PUT_OFF.undone(by, id) : PUT_OFF[kind](by, id);
      }
      if (undone) return ASSIGNED.undone(by, id);
      return to === null
        ? ASSIGNED.back(by, id)
        : ASSIGNED.given(by, id, nameOr(to.name, LEAD.someone));
    default:
      return undone ? HAND_OVER.undone(by, id) : `${by} ${HAND_OVER.gave(id)}`;
  }
}
