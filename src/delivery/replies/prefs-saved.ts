import { isAway, localDay, type Preferences } from '../../routing/availability.ts';
import type { Message } from '../blocks/message.ts';
import { PREFS_SAVED } from '../text/people-words.ts';
import { sentence } from './sentence.ts';

export interface GivenBack {
  given: number;
  failed: number;
}

/** One sentence of what holds now. */
export function buildPrefsSaved(
  preferences: Preferences,
  timeZone: string | null,
  { given, failed }: GivenBack,
  now: Date,
): Message {
  const { alerts, quietHours, digestAt } = preferences;
  const parts = [
    PREFS_SAVED.alerts(alerts),
    quietHours === null ? PREFS_SAVED.noQuiet : PREFS_SAVED.quiet(quietHours.from, quietHours.to),
    digestAt === null ? PREFS_SAVED.noDigest : PREFS_SAVED.digest(digestAt),
    awayPart(preferences, timeZone, now),
    ...(given === 0 ? [] : [PREFS_SAVED.givenBack(given)]),
    ...(failed === 0 ? [] : [PREFS_SAVED.notGivenBack(failed)]),
  ];
  return sentence(PREFS_SAVED.sentence(parts));
}

function awayPart({ away }: Preferences, timeZone: string | null, now: Date): string {
  if (away === null) return PREFS_SAVED.here;
  const until = dayName(away.until, timeZone);
  return isAway(away, now)
    ? PREFS_SAVED.awayUntil(until)
    : PREFS_SAVED.awayFromTo(dayName(away.from, timeZone), until);
}

const DAY = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});

/** "Mon 30 Nov" on the person's own calendar. */
export function dayName(moment: Date, timeZone: string | null): string {
  const { date } = localDay(moment, timeZone);
  return DAY.format(new Date(`${date}T00:00:00Z`)).replace(',', '');
}
