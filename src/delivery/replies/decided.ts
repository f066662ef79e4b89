import type { Button, KnownBlock, RichTextElement } from '@slack/types';
import type { DecidedLead, DecisionResult } from '../../decisions/ledger.ts';
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
import { escapeMrkdwn, fitLine } from '../text/escape.ts';
import { HELD, REPLY } from '../text/reply-words.ts';
import { dateToken, richDate } from '../text/time.ts';
import { LABELS, OVERRIDE } from '../text/words.ts';
import { releaseButton } from './release-button.ts';
import { sentence } from './sentence.ts';

/** What a person did, as far as the words of the answer differ. */
export type Act = 'accept' | 'override' | 'disqualify' | 'snooze' | 'not_mine' | 'release' | 'undo';

/** The answer to one decision, for the one who made it. Says "Recorded" only for what the ledger has. */
export function buildDecided(act: Act, result: DecisionResult, now: Date): Message {
  switch (result.kind) {
    case 'recorded':
    case 'repeated':
      return recorded(act, result, now);
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
      return sentence(OVERRIDE.stale[result.because]);
    case 'needs_confirmation':
      return confirmation(result.lead);
    case 'not_found':
      return sentence(REPLY.notFound);
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

function recorded(act: Act, result: Recorded, now: Date): Message {
  const { lead, decisionId, undoUntil } = result;
  const said = headline(act, result);
  const name = fitLine(lead.name, 200);
  const lines: RichTextElement[] = [span(said, 'bold'), br(), span(name)];
  if (act === 'accept') lines.push(br(), ...contactDetails(lead));
  const undo = act !== 'undo' && undoUntil !== null && undoUntil > now ? undoUntil : null;
  const buttons = replyButtons(lead, undo === null ? null : decisionId);
  const blocks: KnownBlock[] = [richText(...lines), actions(`decided.${decisionId}`, buttons)];
  if (undo !== null) blocks.push(context(mrkdwn(`${REPLY.undoUntil} ${dateToken(undo, now)}`)));
  const contact = act === 'accept' ? ` ${[lead.phone, lead.email].filter(Boolean).join(', ')}` : '';
  return { text: `${said} ${escapeMrkdwn(name, 300)}${escapeMrkdwn(contact, 300)}`, blocks };
}

function headline(act: Act, { kind, lead }: Recorded): string {
  const id = fitLine(lead.shortId, 20);
  const repeated = kind === 'repeated';
  switch (act) {
    case 'accept':
      return repeated
        ? REPLY.yoursAgain(id, lead.effectiveTier)
        : REPLY.yours(id, lead.effectiveTier);
    case 'override':
      return REPLY.overridden(id, lead.effectiveTier);
    case 'disqualify':
      return REPLY.offBoard(id);
    case 'snooze':
      return REPLY.snoozed(id);
    case 'not_mine':
      return REPLY.notMine(id);
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

function replyButtons(lead: DecidedLead, undoId: string | null): Button[] {
  const url = crmUrlOf(lead);
  const value = encodeLeadRef({ leadId: lead.leadId, revision: 0 });
  return [
    ...(undoId === null
      ? []
      : [button({ label: LABELS.undo, actionId: ACTIONS.decisionUndo, value: undoId })]),
    button({ label: LABELS.why, actionId: ACTIONS.leadWhy, value }),
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
