import type { ModalView } from '@slack/types';
import { buildMessageModal } from '../modals/message.ts';
import { buildTeamLeads } from '../modals/team-leads.ts';
import type { Member } from '../ports.ts';
import { sentence } from '../replies/sentence.ts';
import { ASSIGN } from '../text/home-words.ts';
import { MODAL } from '../text/words.ts';
import type { SlackDeps } from './deps.ts';

/** A page of the leads of a team that this manager looks after. */
export async function readTeamLeads(
  deps: SlackDeps,
  member: Member,
  teamId: string,
  page: number,
): Promise<ModalView> {
  const view = await deps.home.teamLeads(member, teamId, page);
  if (view === null) return buildMessageModal(MODAL.notDone, sentence(ASSIGN.noTeam));
  return buildTeamLeads(view, deps.clock.now());
}
