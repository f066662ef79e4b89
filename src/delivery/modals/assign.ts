import type { ModalView } from '@slack/types';
import type { ShownHolder } from '../../decisions/ledger.ts';
import { INPUTS, VIEWS } from '../action-ids.ts';
import { input } from '../blocks/input.ts';
import { option, richText, span } from '../blocks/kit.ts';
import { select } from '../blocks/pickers.ts';
import { leadNumbers } from '../cards/lead-entry.ts';
import { nameOf } from '../cards/lead-words.ts';
import type { Assignable } from '../home/home-port.ts';
import { sentence } from '../replies/sentence.ts';
import { fitLine } from '../text/escape.ts';
import { ASSIGN } from '../text/home-words.ts';
import { LABELS, MODAL } from '../text/words.ts';
import { buildMessageModal } from './message.ts';
import { modal } from './modal.ts';

/** Value of the choice that nobody in particular has it. */
export const BACK = 'back';

export interface AssignMetadata {
  leadId: string;
  teamId: string;
  /** Of the list below. */
  page: number;
  shown: ShownHolder;
}

/** Who has the lead next: somebody of its team, or the team. */
export function buildAssign(
  { lead, teamId, reps }: Assignable,
  page: number,
  now: Date,
): ModalView {
  const choices = [
    ...(lead.rep === null ? [] : [option(ASSIGN.back, BACK)]),
    ...reps.map(({ userId, name }) => option(fitLine(name, 75), userId)),
  ];
  if (choices.length === 0) return buildMessageModal(MODAL.notDone, sentence(ASSIGN.nobody));
  return modal({
    title: ASSIGN.title,
    callbackId: VIEWS.assign,
    submit: ASSIGN.save,
    close: LABELS.cancel,
    metadata: {
      ...{ leadId: lead.leadId, teamId, page },
      shown: { rep: lead.rep, accepted: lead.accepted !== null },
    } satisfies AssignMetadata,
    blocks: [
      richText(span(nameOf(lead), 'bold')),
      leadNumbers(lead, now),
      input(
        INPUTS.assignee,
        ASSIGN.who,
        select({
          actionId: INPUTS.assignee,
          placeholder: ASSIGN.placeholder,
          options: choices,
        }),
      ),
    ],
  });
}
