import type { ActionsBlock, KnownBlock, Overflow, RichTextElement } from '@slack/types';
import { allows } from '../../decisions/decision-rules.ts';
import type { Surface } from '../../decisions/ledger.ts';
import { ACTIONS } from '../action-ids.ts';
import { actions, br, button, context, mrkdwn, option, richText, span } from '../blocks/kit.ts';
import { encodeLeadBlock, encodeLeadRef, encodeMenuValue, type LeadRef } from '../lead-ref.ts';
import { escapeMrkdwn } from '../text/escape.ts';
import { LEAD_TEXT_LIMITS } from '../text/limits.ts';
import { dateToken, dayToken, duration, urgency, whenToken } from '../text/time.ts';
import { LABELS, LEAD } from '../text/words.ts';
import type { LeadRow } from '../views.ts';
import {
  askedOf,
  companyOf,
  crmUrlOf,
  isAnothers,
  nameOf,
  newsOf,
  personOf,
  rangeOf,
  titleOf,
  whyLines,
} from './lead-words.ts';

export interface EntryOptions {
  surface: Surface;
  /** Place in the list; null where there is no order. */
  rank: number | null;
  revision: number;
  now: Date;
  /** One green button a list: the next call. */
  primary?: boolean;
  /** Left out where a headline has said it. */
  score?: boolean;
  /** Left out where the rep is named above. */
  rep?: boolean;
  /** Slack user id of the one person who sees this: their own leads say "you". */
  viewer?: string;
  /** It came to the viewer since they last looked. */
  isNew?: boolean;
}

/** A lead in a list: who, why and what they asked; the numbers; the buttons. Three blocks everywhere. */
export function leadEntry(lead: LeadRow, options: EntryOptions): KnownBlock[] {
  return [
    leadText(lead, options),
    leadNumbers(lead, options.now, options),
    leadButtons(lead, options),
  ];
}

function leadText(lead: LeadRow, { rank, score = true }: EntryOptions): KnownBlock {
  const place = rank === null ? '' : `${rank}   `;
  const points = score ? `${lead.effectiveTier} ${lead.points}   ` : '';
  const title = titleOf(lead);
  const asked = askedOf(lead);
  const line: RichTextElement[] = [
    span(`${place}${points}${personOf(lead)}`, 'bold'),
    span(`${title === null ? '' : `, ${title}`}, `),
    lead.company === null ? span(companyOf(lead)) : span(companyOf(lead), 'bold'),
  ];
  whyLines(lead).forEach(({ points, text }, index) => {
    line.push(index === 0 ? br() : span('   '));
    if (points === null) line.push(span(text));
    else line.push(span(points, 'bold'), span(`  ${text}`));
  });
  if (asked !== null) line.push(br(), span(asked, 'italic'));
  return richText(...line);
}

/** "due soon, 14:35 · for Rae Sample · fit 52 + intent 35 · 47 to 82 points, could be B · L-4F7K" */
export function leadNumbers(lead: LeadRow, now: Date, options: FactOptions = {}): KnownBlock {
  return context(mrkdwn(leadFacts(lead, now, options)));
}

type FactOptions = Pick<EntryOptions, 'rep' | 'viewer' | 'isNew'>;

/** The same as text, where it belongs into a block with something else. Escaped, for mrkdwn. */
export function leadFacts(
  lead: LeadRow,
  now: Date,
  { rep = true, viewer, isNew = false }: FactOptions = {},
): string {
  const news = isNew ? LEAD.isNew : newsOf(lead);
  const parts = [...(news === null ? [] : [news]), statusText(lead, now, viewer)];
  if (rep && waits(lead)) parts.push(LEAD.routedTo(repOf(lead, viewer)));
  parts.push(LEAD.fitIntent(lead.fitPoints, lead.intentPoints));
  if (lead.effectiveTier !== lead.tier) parts.push(LEAD.rulesSay(lead.tier));
  const range = rangeOf(lead);
  if (range !== null) parts.push(range);
  parts.push(escapeMrkdwn(lead.shortId, 20));
  return parts.join('  ·  ');
}

function waits(lead: LeadRow): boolean {
  return lead.state === 'open' || lead.state === 'snoozed';
}

/**
 * Where the lead stands: what is due while it waits, who took it once somebody did. Names are plain text,
 * never mentions: a board is posted anew each morning and must ping nobody.
 */
export function statusText(lead: LeadRow, now: Date, viewer?: string): string {
  switch (lead.state) {
    case 'open':
      return dueText(lead, now);
    case 'accepted':
    case 'contacted':
      return acceptedText(lead, now, viewer);
    case 'snoozed':
      return lead.snoozedUntil === null
        ? LEAD.snoozed
        : LEAD.snoozedUntil(dayToken(lead.snoozedUntil));
    case 'closed':
      return LEAD.closed;
    case 'held':
      return LEAD.held;
  }
}

/** "accepted by Rae Sample at 14:31, in 4 min" */
function acceptedText(lead: LeadRow, now: Date, viewer: string | undefined): string {
  const by = repOf(lead, viewer) ?? LEAD.someone;
  if (lead.accepted === null) return LEAD.acceptedBy(by);
  const { at, afterMs } = lead.accepted;
  const took = afterMs === null ? null : duration(afterMs);
  return LEAD.acceptedAt(by, whenToken(at, now), took);
}

/** Escaped, for mrkdwn; null when it is nobody's. A name is what its owner typed into Slack: foreign text. */
function repOf(lead: LeadRow, viewer: string | undefined): string | null {
  if (lead.rep === null) return null;
  if (lead.rep === viewer) return LEAD.you;
  return escapeMrkdwn(lead.repName ?? '', LEAD_TEXT_LIMITS.rep) || LEAD.someone;
}

/** Names the moment, not the minutes left: a message keeps being read long after it was written. */
function dueText(lead: LeadRow, now: Date): string {
  if (lead.slaDueAt === null) return LEAD.noDue;
  const at = dateToken(lead.slaDueAt, now);
  switch (urgency(lead.slaDueAt, now)) {
    case 'overdue':
      return `*overdue since ${at}*`;
    case 'soon':
      return `*due soon, ${at}*`;
    default:
      return `due ${at}`;
  }
}

export function leadButtons(lead: LeadRow, options: EntryOptions): ActionsBlock {
  const ref: LeadRef = { leadId: lead.leadId, revision: options.revision };
  const value = encodeLeadRef(ref);
  const who = `${personOf(lead)}, ${companyOf(lead)}`;
  const accept = button({
    label: LABELS.accept,
    actionId: ACTIONS.leadAccept,
    value,
    spoken: `${LABELS.accept} ${who}`,
    ...(options.primary === true ? { style: 'primary' as const } : {}),
  });
  const override = button({
    label: LABELS.override,
    actionId: ACTIONS.leadOverride,
    value,
    spoken: `${LABELS.override} ${who}`,
  });
  return actions(encodeLeadBlock(options.surface, ref), [
    ...(allows('accepted', lead.state) ? [accept] : []),
    ...(allows('overridden', lead.state) ? [override] : []),
    moreMenu(lead, ref, options.viewer),
  ]);
}

/** Five entries, as many as Slack allows. What a lead's state does not allow is not offered. */
function moreMenu(lead: LeadRow, ref: LeadRef, viewer: string | undefined): Overflow {
  const url = crmUrlOf(lead);
  const may = (kind: 'snoozed' | 'reassigned' | 'handed_over') =>
    allows(kind, lead.state) && !isAnothers(lead, viewer);
  return {
    type: 'overflow',
    action_id: ACTIONS.leadMore,
    options: [
      option(LABELS.why, encodeMenuValue('why', ref)),
      ...(may('snoozed') ? [option(LABELS.snooze, encodeMenuValue('snooze', ref))] : []),
      ...(may('reassigned') ? [option(LABELS.notMine, encodeMenuValue('not_mine', ref))] : []),
      ...(may('handed_over') ? [option(LABELS.handOver, encodeMenuValue('hand_over', ref))] : []),
      ...(url === null ? [] : [{ ...option(LABELS.openCrm, encodeMenuValue('crm', ref)), url }]),
    ],
  };
}

/** The entry as one line of a message's `text`. */
export function leadLine(
  lead: LeadRow,
  rank: number | null,
  now: Date,
  { max = 200, viewer }: { max?: number; viewer?: string } = {},
): string {
  const place = rank === null ? '' : `${rank}. `;
  const says = lead.state !== 'open' || lead.slaDueAt !== null;
  const status = says ? `, ${statusText(lead, now, viewer).replaceAll('*', '')}` : '';
  const name = escapeMrkdwn(nameOf(lead), max);
  const news = newsOf(lead)?.replaceAll('*', '');
  const changed = news === undefined ? '' : `, ${news}`;
  return `${place}${lead.effectiveTier} ${lead.points} ${name}${changed}${status}`;
}
