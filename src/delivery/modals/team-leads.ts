import type { KnownBlock, ModalView } from '@slack/types';
import { ACTIONS } from '../action-ids.ts';
import { actions, button, context, mrkdwn, section } from '../blocks/kit.ts';
import { leadFacts } from '../cards/lead-entry.ts';
import { nameOf } from '../cards/lead-words.ts';
import type { TeamLeads } from '../home/home-port.ts';
import { LEADS_PER_PAGE } from '../home/home-views.ts';
import { encodeLeadRef } from '../lead-ref.ts';
import { escapeMrkdwn } from '../text/escape.ts';
import { ASSIGN, HOME } from '../text/home-words.ts';
import { LABELS } from '../text/words.ts';
import type { LeadRow } from '../views.ts';
import { modal } from './modal.ts';

const NAME_MAX = 60;

/** A team's open, accepted and snoozed leads, a page at a time, each with a button that asks who has it next. */
export function buildTeamLeads(view: TeamLeads, now: Date): ModalView {
  const { leads, count, page } = view;
  const team = escapeMrkdwn(view.team, NAME_MAX);
  if (count === 0) return modal({ title: ASSIGN.title, blocks: [section(ASSIGN.empty(team))] });
  const from = page * LEADS_PER_PAGE;
  return modal({
    title: ASSIGN.title,
    blocks: [
      section(`*${ASSIGN.team(team, count)}*`),
      ...leads.map((lead) => row(lead, page, now)),
      context(mrkdwn(HOME.range(from + 1, from + leads.length, count))),
      ...turnButtons(view),
    ],
  });
}

/** Name and facts in one block: on a phone the button stands below both. */
function row(lead: LeadRow, page: number, now: Date): KnownBlock {
  const name = nameOf(lead);
  const said = `*${lead.effectiveTier} ${lead.points}*   ${escapeMrkdwn(name, 300)}\n${leadFacts(lead, now)}`;
  const accessory = button({
    label: ASSIGN.pick,
    actionId: ACTIONS.leadAssign,
    value: encodeLeadRef({ leadId: lead.leadId, revision: page }),
    spoken: `${ASSIGN.pick} ${name}`,
  });
  return { ...section(said), accessory };
}

/** The value says which page of which team: "2.growth". */
function turnButtons({ teamId, page, pages }: TeamLeads): KnownBlock[] {
  const turn = (label: string, to: number, actionId: string) =>
    button({ label, actionId, value: `${to}.${teamId}` });
  const buttons = [
    ...(page > 0 ? [turn(LABELS.previous, page - 1, ACTIONS.teamPrevious)] : []),
    ...(page < pages - 1 ? [turn(LABELS.next, page + 1, ACTIONS.teamNext)] : []),
  ];
  return buttons.length === 0 ? [] : [actions('team_turn', buttons)];
}
