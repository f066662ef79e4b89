import type { App, BlockButtonAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { ACTIONS } from '../../action-ids.ts';
import { decodeLeadRef, type LeadRef } from '../../lead-ref.ts';
import { buildAssign } from '../../modals/assign.ts';
import { buildMessageModal } from '../../modals/message.ts';
import type { Member } from '../../ports.ts';
import { sentence } from '../../replies/sentence.ts';
import { ASSIGN } from '../../text/home-words.ts';
import { MODAL } from '../../text/words.ts';
import { readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { fillModal, openModal } from '../open-modal.ts';
import { readTeamLeads } from '../read-team-leads.ts';
import { refuseUnknown } from '../refuse-unknown.ts';

/** A team's leads from App Home, the pages of that list, and the form for one of them. */
export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(ACTIONS.teamAssign, async ({ ack, ...args }) => {
    await ack();
    const click = readClick(deps, args);
    const teamId = args.action.value ?? '';
    await openModal(deps, {
      ...click,
      act: 'assign',
      push: click.modal !== null,
      build: (member) => readTeamLeads(deps, member, teamId, 0),
    });
  });
  onTurn(app, deps, ACTIONS.teamPrevious);
  onTurn(app, deps, ACTIONS.teamNext);
  app.action<BlockButtonAction>(ACTIONS.leadAssign, async (args) => {
    const ref = decodeLeadRef(args.action.value);
    if (ref === null) return refuseUnknown(deps, args);
    await args.ack();
    const click = readClick(deps, args);
    await openModal(deps, {
      ...click,
      act: 'assign',
      push: click.modal !== null,
      build: (member) => readAssign(deps, member, ref),
    });
  });
}

/** The ref's revision is the page of the list that the lead stands on. */
async function readAssign(
  deps: SlackDeps,
  member: Member,
  { leadId, revision: page }: LeadRef,
): Promise<ModalView> {
  const view = await deps.home.assignable(member, leadId);
  if (view === null) return buildMessageModal(MODAL.notDone, sentence(ASSIGN.gone));
  return buildAssign(view, page, deps.clock.now());
}

const PAGE_AND_TEAM = /^(\d{1,5})\.(.{1,200})$/;

function onTurn(app: App, deps: SlackDeps, actionId: string): void {
  app.action<BlockButtonAction>(actionId, async (args) => {
    const click = readClick(deps, args);
    const [, page, teamId] = PAGE_AND_TEAM.exec(args.action.value ?? '') ?? [];
    if (click.modal === null || teamId === undefined) return refuseUnknown(deps, args);
    await args.ack();
    const target = { viewId: click.modal.id, hash: click.modal.hash };
    await fillModal(deps, target, {
      ...click,
      act: 'assign',
      build: (member) => readTeamLeads(deps, member, teamId, Number(page)),
    });
  });
}
