import type { KnownBlock, ModalView } from '@slack/types';
import { ACTIONS } from '../action-ids.ts';
import { actions, button, richText, section, span } from '../blocks/kit.ts';
import { companyOf, nameOf, personOf } from '../cards/lead-words.ts';
import { encodeLeadBlock, encodeLeadRef } from '../lead-ref.ts';
import { fitLine } from '../text/escape.ts';
import { FIND } from '../text/reply-words.ts';
import { LABELS } from '../text/words.ts';
import type { LeadRow } from '../views.ts';
import { modal } from './modal.ts';

const SHOWN = 20;

/** Several leads could be meant: one tap each. */
export function buildPickLead(leads: readonly LeadRow[], headline: string): ModalView {
  const blocks: KnownBlock[] = [section(headline)];
  for (const lead of leads.slice(0, SHOWN)) {
    const ref = { leadId: lead.leadId, revision: 0 };
    blocks.push(
      richText(
        span(`${lead.effectiveTier} ${lead.points}   `, 'bold'),
        span(`${nameOf(lead)}, ${fitLine(lead.shortId, 20)}`),
      ),
      actions(encodeLeadBlock('command', ref), [
        button({
          label: LABELS.why,
          actionId: ACTIONS.leadWhy,
          value: encodeLeadRef(ref),
          spoken: `${LABELS.why} ${personOf(lead)}, ${companyOf(lead)}`,
        }),
      ]),
    );
  }
  return modal({ title: FIND.pickTitle, blocks });
}
