import type { KnownBlock } from '@slack/types';
import { rankLeads } from '../../scoring/rank-leads.ts';
import { context, divider, header, mrkdwn, section } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { ESCALATION } from '../text/escalation-words.ts';
import { escapeMrkdwn } from '../text/escape.ts';
import { LEAD_TEXT_LIMITS } from '../text/limits.ts';
import { LEAD } from '../text/words.ts';
import type { LeadRow } from '../views.ts';
import { leadEntry, leadLine } from './lead-entry.ts';

export interface EscalationView {
  leads: readonly LeadRow[];
  team: string;
  /** Slack user id of who is told, or the channel. */
  recipient: string;
}

/** With buttons, so few fit on a phone. */
const REP_SHOWN = 5;
/** The channel reads it in passing. */
const TEAM_SHOWN = 3;
const MANAGER_SHOWN = 10;
const LINE_MAX = 160;

/** Leads that nobody has taken, in call order. Names no person by a mention: nobody but the reader is pinged. */
export function buildEscalation(step: string, view: EscalationView, now: Date): Message {
  const leads = rankLeads(
    view.leads.map((lead) => ({ ...lead, id: lead.leadId })),
    now,
  );
  if (leads.length === 0) return settled();
  if (step === 'rep') return toRep(leads, view.recipient, now);
  return step === 'team' ? inChannel(leads, now) : toManager(leads, view.team, now);
}

/** Names no lead: what is left here may be all that is known of one. */
function settled(): Message {
  return { text: ESCALATION.settled, blocks: [context(mrkdwn(ESCALATION.settled))] };
}

function toRep(leads: readonly LeadRow[], viewer: string, now: Date): Message {
  const title = ESCALATION.rep(leads.length);
  const shown = leads.slice(0, REP_SHOWN);
  const lines = shown.map((lead, index) => leadLine(lead, index + 1, now, { viewer }));
  const more = moreLines(leads.length - shown.length);
  const blocks: KnownBlock[] = [header(title)];
  shown.forEach((lead, index) => {
    const place = { surface: 'notice', rank: index + 1, revision: 0, viewer } as const;
    blocks.push(divider(), ...leadEntry(lead, { ...place, now, primary: index === 0 }));
  });
  const foot = [...more, ESCALATION.repFoot].join('.  ');
  blocks.push(divider(), context(mrkdwn(foot)));
  return { text: [title, ...lines, ...more].join('\n'), blocks };
}

function inChannel(leads: readonly LeadRow[], now: Date): Message {
  const shown = leads.slice(0, TEAM_SHOWN).map((lead) => lineOf(lead, now));
  const named = [...shown, ...moreLines(leads.length - shown.length)];
  const text = `${ESCALATION.team(leads.length)}:${named.length === 1 ? ' ' : '\n'}${named.join('\n')}`;
  return { text: text.replaceAll('*', ''), blocks: [section(text)] };
}

function toManager(leads: readonly LeadRow[], team: string, now: Date): Message {
  const name = escapeMrkdwn(team, LEAD_TEXT_LIMITS.company);
  const title = ESCALATION.manager(leads.length, name);
  const shown = leads.slice(0, MANAGER_SHOWN);
  const lines = shown.map((lead) => `${lineOf(lead, now)}, ${routedTo(lead)}`);
  const all = [...lines, ...moreLines(leads.length - shown.length)];
  return {
    text: [title, ...all].join('\n'),
    blocks: [
      section(`*${title}*`),
      section(all.join('\n')),
      context(mrkdwn(ESCALATION.managerFoot)),
    ],
  };
}

/** "L-4F7K A 87 Dana Sample, Head of Operations, Example Freight, due soon, 14:35" */
function lineOf(lead: LeadRow, now: Date): string {
  return `${escapeMrkdwn(lead.shortId, 20)} ${leadLine(lead, null, now, { max: LINE_MAX })}`;
}

function routedTo({ rep, repName }: LeadRow): string {
  if (rep === null) return ESCALATION.anyone;
  const name = escapeMrkdwn(repName ?? '', LEAD_TEXT_LIMITS.rep) || LEAD.someone;
  return ESCALATION.routedTo(name);
}

function moreLines(more: number): string[] {
  return more > 0 ? [ESCALATION.more(more)] : [];
}
