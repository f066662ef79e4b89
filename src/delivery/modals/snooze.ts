import type { ModalView } from '@slack/types';
import { snoozeTimes } from '../../routing/snooze-times.ts';
import type { Workdays } from '../../routing/workdays.ts';
import { INPUTS, VIEWS } from '../action-ids.ts';
import { input } from '../blocks/input.ts';
import { context, mrkdwn, option, plain, richText, span } from '../blocks/kit.ts';
import { nameOf } from '../cards/lead-words.ts';
import { SNOOZE } from '../text/decision-words.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { whoseClock } from '../text/time.ts';
import { LABELS } from '../text/words.ts';
import type { LeadRow } from '../views.ts';
import type { LeadFormMetadata } from './lead-form.ts';
import { modal } from './modal.ts';

/** Value of the choice that stands for the picker below. */
export const OTHER_TIME = 'other';

/** When the lead comes back, in the person's own time. Their next working day is picked, so that it takes two taps. */
export function buildSnooze(
  lead: LeadRow,
  metadata: LeadFormMetadata,
  now: Date,
  { timeZone, workdays }: { timeZone: string | null; workdays: Workdays },
): ModalView {
  const times = snoozeTimes(now, timeZone, workdays);
  const choices = times.map(({ choice, at, clock }) =>
    option(SNOOZE.choice[choice](clock), String(Math.floor(at.getTime() / 1_000))),
  );
  // Offered only when tomorrow is none.
  const workday = times.findIndex(({ choice }) => choice === 'workday');
  const tomorrow = times.findIndex(({ choice }) => choice === 'tomorrow');
  const picked = choices[workday === -1 ? tomorrow : workday];
  const hint = plain(SNOOZE.otherHint, SLACK_LIMITS.inputLabel);
  const picker = { type: 'datetimepicker', action_id: INPUTS.otherTime } as const;
  return modal({
    title: SNOOZE.title,
    callbackId: VIEWS.snooze,
    submit: SNOOZE.save,
    close: LABELS.cancel,
    metadata,
    blocks: [
      richText(span(nameOf(lead), 'bold')),
      ...(timeZone === null ? [] : [context(mrkdwn(whoseClock(timeZone)))]),
      input(INPUTS.when, SNOOZE.when, {
        type: 'radio_buttons',
        action_id: INPUTS.when,
        options: [...choices, option(SNOOZE.choice.other, OTHER_TIME)],
        ...(picked === undefined ? {} : { initial_option: picked }),
      }),
      { ...input(INPUTS.otherTime, SNOOZE.other, picker, true), hint },
    ],
  });
}
