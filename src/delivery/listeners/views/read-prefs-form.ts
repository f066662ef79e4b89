import type { ViewOutput } from '@slack/bolt';
import {
  type Absence,
  ALERTS,
  localDay,
  type Preferences,
  type QuietHours,
  startOfDay,
} from '../../../routing/availability.ts';
import { INPUTS } from '../../action-ids.ts';
import { END_ABSENCE, GIVE_BACK, OFF } from '../../modals/prefs.ts';
import { PREFS_PROBLEM } from '../../text/people-words.ts';
import { pickedDay, pickedOption, tickedBoxes } from './read-input.ts';

type Values = ViewOutput['state']['values'];
type Problem = { input: string; text: string };

export type ReadPrefs =
  | { ok: true; preferences: Preferences; giveBack: boolean }
  | { ok: false; errors: Record<string, string> };

const LONGEST_MS = 366 * 86_400_000;
const CLOCK = /^([01][0-9]|2[0-3]):[0-5][0-9]$/;

/** What was entered, by the clock of `timeZone`; needs no database, so that errors stand in place at once. */
export function readPrefsForm(values: Values, timeZone: string | null, now: Date): ReadPrefs {
  const quietHours = readQuiet(values);
  if ('text' in quietHours) return refused(quietHours);
  const boxes = tickedBoxes(values, INPUTS.absence);
  const away = boxes.includes(END_ABSENCE) ? { away: null } : readAway(values, timeZone, now);
  if ('text' in away) return refused(away);
  const giveBack = boxes.includes(GIVE_BACK);
  if (giveBack && !(away.away !== null && away.away.from <= now)) {
    return refused({ input: INPUTS.absence, text: PREFS_PROBLEM.giveBackLater });
  }
  const alerts = pickedOption(values, INPUTS.alerts);
  return {
    ok: true,
    giveBack,
    preferences: {
      alerts: ALERTS.find((each) => each === alerts) ?? 'channel',
      quietHours: quietHours.quiet,
      digestAt: pickedTime(values, INPUTS.digestAt),
      away: away.away,
    },
  };
}

function refused({ input, text }: Problem): ReadPrefs {
  return { ok: false, errors: { [input]: text } };
}

function readQuiet(values: Values): { quiet: QuietHours | null } | Problem {
  const from = pickedTime(values, INPUTS.quietFrom);
  const to = pickedTime(values, INPUTS.quietTo);
  if (from === null && to === null) return { quiet: null };
  if (from === null) return { input: INPUTS.quietFrom, text: PREFS_PROBLEM.quietNeedsStart };
  if (to === null) return { input: INPUTS.quietTo, text: PREFS_PROBLEM.quietNeedsEnd };
  if (from === to) return { input: INPUTS.quietTo, text: PREFS_PROBLEM.quietIsEmpty };
  return { quiet: { from, to } };
}

function pickedTime(values: Values, id: string): string | null {
  const picked = pickedOption(values, id);
  return picked === null || picked === OFF || !CLOCK.test(picked) ? null : picked;
}

/** An absence from today on begins now, not at midnight: what came before is not taken back. */
function readAway(
  values: Values,
  timeZone: string | null,
  now: Date,
): { away: Absence | null } | Problem {
  const first = pickedDay(values, INPUTS.awayFrom);
  const back = pickedDay(values, INPUTS.awayUntil);
  if (first === null && back === null) return { away: null };
  if (first === null) return { input: INPUTS.awayFrom, text: PREFS_PROBLEM.awayNeedsStart };
  if (back === null) return { input: INPUTS.awayUntil, text: PREFS_PROBLEM.awayNeedsEnd };
  const begins = startOfDay(first, timeZone);
  const until = startOfDay(back, timeZone);
  if (begins === null) return { input: INPUTS.awayFrom, text: PREFS_PROBLEM.notADay };
  const problem = problemOfReturn(begins, until, now);
  if (until === null || problem !== null) {
    return { input: INPUTS.awayUntil, text: problem ?? PREFS_PROBLEM.notADay };
  }
  const isToday = first === localDay(now, timeZone).date;
  return { away: { from: isToday ? now : begins, until } };
}

function problemOfReturn(begins: Date, until: Date | null, now: Date): string | null {
  if (until === null) return PREFS_PROBLEM.notADay;
  if (until <= begins) return PREFS_PROBLEM.awayIsEmpty;
  if (until <= now) return PREFS_PROBLEM.awayIsOver;
  return until.getTime() - now.getTime() > LONGEST_MS ? PREFS_PROBLEM.awayTooLong : null;
}
