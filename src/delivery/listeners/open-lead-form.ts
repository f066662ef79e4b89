import type { ModalView } from '@slack/types';
import type { LeadFormMetadata } from '../modals/lead-form.ts';
import { buildMessageModal } from '../modals/message.ts';
import type { Member } from '../ports.ts';
import { sentence } from '../replies/sentence.ts';
import { MODAL } from '../text/words.ts';
import type { LeadRow } from '../views.ts';
import type { Click } from './click.ts';
import type { SlackDeps } from './deps.ts';
import { openModal } from './open-modal.ts';
import type { ActName } from './require-role.ts';

export interface LeadFormRequest {
  act: ActName;
  build(lead: LeadRow, metadata: LeadFormMetadata, member: Member): ModalView | Promise<ModalView>;
}

/** Opens a small form about one lead. */
export async function openLeadForm(
  deps: SlackDeps,
  click: Click,
  leadId: string,
  { act, build }: LeadFormRequest,
): Promise<void> {
  await openModal(deps, {
    ...click,
    act,
    push: click.modal !== null,
    async build(member) {
      const lead = await deps.queries.lead(leadId);
      if (lead === null) return buildMessageModal(MODAL.notDone, sentence(MODAL.notFound));
      return build(lead, { leadId, surface: click.surface, channel: click.channel }, member);
    },
  });
}
