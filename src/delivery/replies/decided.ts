import type { Button, KnownBlock, RichTextElement } from '@slack/types';
import type { DecidedLead, DecisionResult, StaleResult } from '../../decisions/ledger.ts';
import { ACTIONS } from '../action-ids.ts';
import {
  actions,
  br,
  button,
  context,
  mrkdwn,
  person,
  richText,
  section,
  span,
} from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { crmUrlOf } from '../cards/lead-words.ts';
import { encodeLeadRef } from '../lead-ref.ts';
import { ASSIGNED, HAND_OVER, placeText, SNOOZE } from '../text/decision-words.ts';
import { escapeMrkdwn, fitLine } from '../text/escape.ts';
import { HELD, REPLY } from '../text/reply-words.ts';
import { dateToken, dayToken, richDate, richDay, whenToken } from '../text/time.ts';
import { LABELS, OVERRIDE } from '../text/words.ts';
import { releaseButton } from './release-button.ts';
import { sentence } from './sentence.ts';

/** What a person did, as far as the words of the answer differ. */
export type Act =
  | 'accept'
  | 'override'
  | 'disqualify'
  | 'snooze'
  | 'not_mine'
  | 'hand_over'
  | 'assign'
  | 'release'
  | 'undo';

/** What the answer says besides, where the act has it. */
export interface DecidedFacts {
  /** Until when it is snoozed. */
  until?: Date;
  /** Whom it was given to; null: to nobody. */
  toMember?: string | null;
  /** Where it is on its board now; null: on none. */
  place?: { rank: number; of: number } | null;
}

/** The answer to one decision, for the one who made it. Says "Recorded" only for what the ledger has. */
export function buildDecided(
  act: Act,
  result: DecisionResult,
  now: Date,
  facts: DecidedFacts = {},
): Message {
  switch (result.kind) {
    case 'recorded':
    case 'repeated':
      return recorded(act, result, now, facts);
    case 'taken':
      return taken(result, now);
    case 'not_possible':
      return {
        text: escapeMrkdwn(result.message, 400),
        blocks: [richText(span(fitLine(result.message, 400)))],
      };
    case 'refused':
      return {
        text: escapeMrkdwn(result.message, 400),
        blocks: [richText(span(fitLine(result.message, 400)))],
      };
    case 'stale':
      return sentence(staleText(result, now));
    case 'needs_confirmation':
      return confirmation(result.lead);
    case 'not_found':
      return sentence(REPLY.notFound);
  }
}

/** For mrkdwn: Slack shows the moment in the reader's time. */
export function staleText(result: StaleResult, now: Date): string {
  switch (result.because) {
    case 'overridden':
      return OVERRIDE.overriddenSince(`<@${result.by}>`, result.toTier, whenToken(result.at, now));
    case 'accepted':
      return ASSIGNED.acceptedSince(`<@${result.by}>`, whenToken(result.at, now));
    case 'moved':
      return result.rep === null ? ASSIGNED.backSince : ASSIGNED.movedSince(`<@${result.rep}>`);
    default:
      return OVERRIDE.stale[result.because];
  }
}

function confirmation({ leadId, shortId, name }: DecidedLead): Message {
  const label = `${fitLine(shortId, 20)}, ${fitLine(name, 200)}`;
  const said = `${HELD.optedOutTitle}. ${HELD.optedOut(fitLine(shortId, 20))}`;
  return {
    text: said,
    blocks: [
      section(said),
      actions(`confirm.${leadId}`, [releaseButton({ leadId, label, optedOut: true })]),
    ],
  };
}

type Recorded = Extract<DecisionResult, { kind: 'recorded' | 'repeated' }>;

function recorded(act: Act, result: Recorded, now: Date, facts: DecidedFacts): Message {
  const { lead, decisionId, undoUntil } = result;
  const { text: said, rich } = headline(act, result, facts);
  const name = fitLine(lead.name, 200);
  const lines: RichTextElement[] = [...rich, br(), span(name)];
  if (act === 'accept') lines.push(br(), ...contactDetails(lead));
  const undo = act !== 'undo' && undoUntil !== null && undoUntil > now ? undoUntil : null;
  const buttons = replyButtons(act, lead, undo === null ? null : decisionId);
  const blocks: KnownBlock[] = [richText(...lines), actions(`decided.${decisionId}`, buttons)];
  if (undo !== null) blocks.push(context(mrkdwn(`${REPLY.undoUntil} ${dateToken(undo, now)}`)));
  const contact = act === 'accept' ? ` ${[lead.phone, lead.email].filter(Boolean).join(', ')}` : '';
  return { text: `${said} ${escapeMrkdwn(name, 300)}${escapeMrkdwn(contact, 300)}`, blocks };
}

interface Headline {
  text: string;
  rich: RichTextElement[];
}

/** Moments and people are shown by Slack, in the reader's own time and by the name that they know. */
function headline(act: Act, result: Recorded, facts: DecidedFacts): Headline {
  const id = fitLine(result.lead.shortId, 20);
  const { until, toMember } = facts;
  if (act === 'snooze' && until !== undefined) {
    const said = SNOOZE.until(id);
    return {
      text: `${said} ${dayToken(until)}.`,
      rich: [span(`${said} `, 'bold'), richDay(until), span('.')],
    };
  }
  if ((act === 'hand_over' || act === 'assign') && typeof toMember === 'string') {
    const said = act === 'assign' ? ASSIGNED.assigned(id) : HAND_OVER.handed(id);
    return {
      text: `${said} to <@${toMember}>.`,
      rich: [span(`${said} to `, 'bold'), person(toMember), span('.')],
    };
  }
  const text = plainHeadline(act, result, facts);
  return { text, rich: [span(text, 'bold')] };
}

function plainHeadline(act: Act, { kind, lead }: Recorded, { place }: DecidedFacts): string {
  const id = fitLine(lead.shortId, 20);
  const repeated = kind === 'repeated';
  switch (act) {
    case 'accept':
      return repeated
        ? REPLY.yoursAgain(id, lead.effectiveTier)
        : REPLY.yours(id, lead.effectiveTier);
    case 'override':
      return REPLY.overridden(id, lead.effectiveTier, place ? placeText(place) : null);
    case 'disqualify':
      return REPLY.offBoard(id);
    case 'snooze':
      return REPLY.snoozed(id);
    case 'not_mine':
      return REPLY.notMine(id);
    case 'hand_over':
      return `${HAND_OVER.handed(id)}.`;
    case 'assign':
      return ASSIGNED.takenBack(id);
    case 'release':
      return REPLY.released(id);
    case 'undo':
      return REPLY.undone(id);
  }
}

/** Shown to the one who accepted, to nobody else; a tap calls or writes. */
function contactDetails(lead: DecidedLead): RichTextElement[] {
  const phone = fitLine(lead.phone ?? '', 40);
  const email = fitLine(lead.email ?? '', 254);
  return [
    phone === '' ? span(REPLY.noPhone) : callable(phone),
    span('  ·  '),
    email === '' ? span(REPLY.noEmail) : writable(email),
  ];
}

function callable(phone: string): RichTextElement {
  const digits = phone.replaceAll(/[^\d+]/g, '');
  return /^\+?\d{4,20}$/.test(digits)
    ? { type: 'link', url: `tel:${digits}`, text: phone, style: { bold: true } }
    : span(phone, 'bold');
}

function writable(email: string): RichTextElement {
  const [, local, domain] = /^([^@\s]+)@([a-z0-9.-]+)$/i.exec(email) ?? [];
  if (local === undefined || domain === undefined) return span(email);
  return { type: 'link', url: `mailto:${encodeURIComponent(local)}@${domain}`, text: email };
}

function replyButtons(act: Act, lead: DecidedLead, undoId: string | null): Button[] {
  const url = crmUrlOf(lead);
  const value = encodeLeadRef({ leadId: lead.leadId, revision: 0 });
  return [
    ...(undoId === null
      ? []
      : [button({ label: LABELS.undo, actionId: ACTIONS.decisionUndo, value: undoId })]),
    button({ label: LABELS.why, actionId: ACTIONS.leadWhy, value }),
    // Whoever has just called knows best that nobody should call again.
    ...(act === 'accept'
      ? [button({ label: LABELS.disqualify, actionId: ACTIONS.leadDisqualify, value })]
      : []),
    ...(url === null
      ? []
      : [button({ label: LABELS.openCrm, actionId: ACTIONS.leadOpenCrm, url })]),
  ];
}

function taken(result: Extract<DecisionResult, { kind: 'taken' }>, now: Date): Message {
  const { by, at, lead } = result;
  const id = fitLine(lead.shortId, 20);
  const name = fitLine(lead.name, 200);
  return {
    text: `${REPLY.taken(id)} <@${by}> ${REPLY.takenBy} ${dateToken(at, now)}. ${escapeMrkdwn(name, 300)}`,
    blocks: [
      richText(
        span(`${REPLY.taken(id)} `, 'bold'),
        person(by),
        span(` ${REPLY.takenBy} `),
        richDate(at, now),
        span('.'),
        br(),
        span(name),
      ),
    ],
  };
}
