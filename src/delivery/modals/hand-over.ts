import type { ModalView } from '@slack/types';
import { INPUTS, VIEWS } from '../action-ids.ts';
import { input } from '../blocks/input.ts';
import { plain, richText, span } from '../blocks/kit.ts';
import { usersSelect } from '../blocks/pickers.ts';
import { nameOf } from '../cards/lead-words.ts';
import { HAND_OVER } from '../text/decision-words.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { LABELS } from '../text/words.ts';
import type { LeadRow } from '../views.ts';
import type { LeadFormMetadata } from './lead-form.ts';
import { modal } from './modal.ts';

export interface HandOverMetadata extends LeadFormMetadata {
  /** Who had it, or was to call it, when the form was opened. */
  rep: string | null;
}

export const HAND_OVER_NOTE_MAX = 500;

/** To whom, and what they should know. */
export function buildHandOver(lead: LeadRow, metadata: LeadFormMetadata): ModalView {
  const hint = plain(HAND_OVER.hint, SLACK_LIMITS.inputLabel);
  const to = usersSelect(INPUTS.toMember, HAND_OVER.placeholder);
  const note = {
    type: 'plain_text_input',
    action_id: INPUTS.note,
    multiline: true,
    max_length: HAND_OVER_NOTE_MAX,
  } as const;
  return modal({
    title: HAND_OVER.title,
    callbackId: VIEWS.handOver,
    submit: HAND_OVER.save,
    close: LABELS.cancel,
    metadata: { ...metadata, rep: lead.rep } satisfies HandOverMetadata,
    blocks: [
      richText(span(nameOf(lead), 'bold')),
      { ...input(INPUTS.toMember, HAND_OVER.to, to), hint },
      input(INPUTS.note, HAND_OVER.note, note, true),
    ],
  });
}
