import type { Datepicker, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { ALERTS, localDay, type Preferences } from '../../routing/availability.ts';
import { INPUTS, VIEWS } from '../action-ids.ts';
import { input } from '../blocks/input.ts';
import { context, mrkdwn, option, plain } from '../blocks/kit.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { PREFS } from '../text/people-words.ts';
import { whoseClock } from '../text/time.ts';
import { LABELS } from '../text/words.ts';
import { modal } from './modal.ts';

/** Value of a time that is not wanted. */
export const OFF = 'off';
export const GIVE_BACK = 'give_back';
export const END_ABSENCE = 'end_absence';

export interface PrefsData {
  preferences: Preferences;
  /** Slack's, for whose clock the times are. */
  timeZone: string | null;
  /** Leads of theirs that nobody has called yet. */
  uncalled: number;
}

/** What the modal must know when it comes back: the clock that its times were picked by. */
export interface PrefsMetadata {
  timeZone: string | null;
}

/** Selects with "Off" rather than time pickers: a picked time cannot be emptied again on every phone. */
export function buildPrefs(data: PrefsData): ModalView {
  const { preferences, timeZone } = data;
  const { quietHours, digestAt } = preferences;
  return modal({
    title: PREFS.title,
    callbackId: VIEWS.prefs,
    submit: LABELS.save,
    close: LABELS.cancel,
    metadata: { timeZone } satisfies PrefsMetadata,
    blocks: [
      context(mrkdwn(`${whoseClock(timeZone)} ${PREFS.whoSees}`)),
      alertsInput(preferences),
      timeInput(INPUTS.quietFrom, PREFS.quietFrom, quietHours?.from ?? null),
      timeInput(INPUTS.quietTo, PREFS.quietTo, quietHours?.to ?? null, PREFS.quietHint),
      timeInput(INPUTS.digestAt, PREFS.digest, digestAt, PREFS.digestHint),
      ...awayInputs(data),
    ],
  });
}

function alertsInput({ alerts }: Preferences): KnownBlock {
  const options = ALERTS.map((each) => {
    const [label, description] = PREFS.alertChoices[each];
    return option(label, each, description);
  });
  return input(INPUTS.alerts, PREFS.alerts, {
    type: 'radio_buttons',
    action_id: INPUTS.alerts,
    options,
    ...initial(options, alerts),
  });
}

const HALF_HOURS = Array.from({ length: 48 }, (_, index) => {
  const hour = String(Math.floor(index / 2)).padStart(2, '0');
  return `${hour}:${index % 2 === 0 ? '00' : '30'}`;
});

function timeInput(id: string, label: string, value: string | null, hint?: string): KnownBlock {
  const options = [option(PREFS.off, OFF), ...HALF_HOURS.map((time) => option(time, time))];
  const block = input(id, label, {
    type: 'static_select',
    action_id: id,
    options,
    ...initial(options, value ?? OFF),
  });
  return hint === undefined ? block : { ...block, hint: plain(hint, SLACK_LIMITS.inputLabel) };
}

function awayInputs({ preferences: { away }, timeZone, uncalled }: PrefsData): KnownBlock[] {
  const until = dayInput(INPUTS.awayUntil, PREFS.awayUntil, away?.until ?? null, timeZone);
  const boxes = [
    option(
      uncalled === 0 ? PREFS.giveBackNone : PREFS.giveBack(uncalled),
      GIVE_BACK,
      PREFS.giveBackHint,
    ),
    ...(away === null ? [] : [option(PREFS.endAbsence, END_ABSENCE, PREFS.endAbsenceHint)]),
  ];
  return [
    dayInput(INPUTS.awayFrom, PREFS.awayFrom, away?.from ?? null, timeZone),
    { ...until, hint: plain(PREFS.awayHint, SLACK_LIMITS.inputLabel) },
    input(
      INPUTS.absence,
      PREFS.absence,
      { type: 'checkboxes', action_id: INPUTS.absence, options: boxes },
      true,
    ),
  ];
}

function dayInput(id: string, label: string, day: Date | null, timeZone: string | null) {
  const element: Datepicker = {
    type: 'datepicker',
    action_id: id,
    placeholder: plain(PREFS.pickDay, SLACK_LIMITS.placeholder),
    ...(day === null ? {} : { initial_date: localDay(day, timeZone).date }),
  };
  return input(id, label, element, true);
}

/** One of the options, or none: Slack refuses a modal whose initial option is not on offer. */
function initial(options: readonly PlainTextOption[], value: string) {
  const found = options.find((each) => each.value === value);
  return found === undefined ? {} : { initial_option: found };
}
