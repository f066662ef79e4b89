import type { Button } from '@slack/types';
import { ACTIONS } from '../action-ids.ts';
import { button } from '../blocks/kit.ts';
import { encodeLeadRef } from '../lead-ref.ts';
import { fitLine } from '../text/escape.ts';
import { HELD } from '../text/reply-words.ts';
import { LABELS } from '../text/words.ts';

/** Asks first, and says what it means, when the person opted out of contact; others go at one tap. */
export function releaseButton(lead: { leadId: string; label: string; optedOut: boolean }): Button {
  const { leadId, label, optedOut } = lead;
  const common = {
    label: LABELS.release,
    spoken: `${LABELS.release} ${label}`,
    value: encodeLeadRef({ leadId, revision: 0 }),
  };
  if (!optedOut) return button({ ...common, actionId: ACTIONS.leadRelease });
  return button({
    ...common,
    actionId: ACTIONS.leadReleaseConfirmed,
    confirm: {
      title: HELD.optedOutTitle,
      text: HELD.optedOut(fitLine(label, 60)),
      yes: LABELS.release,
      no: HELD.keepHeld,
    },
  });
}
