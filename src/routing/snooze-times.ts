import { DateTime, IANAZone } from 'luxon';
import { isWorkday, type Workdays } from './workdays.ts';

export const SNOOZE_CHOICES = ['hour', 'afternoon', 'tomorrow', 'workday', 'week'] as const;
export type SnoozeChoice = (typeof SNOOZE_CHOICES)[number];

export interface SnoozeTime {
  choice: SnoozeChoice;
  at: Date;
  /** As the person's own clock will show it: "15:20", "Wed 11 Mar, 09:00"; "UTC" after it when theirs is unknown. */
  clock: string;
}

const MORNING = 9;
const NOON = 12;
const AFTERNOON = 14;
const LONGEST_HOLIDAYS = 30;

/**
 * When a lead may come back, the soonest first. `timeZone`, an IANA name, and `workdays` are the person's own.
 * The afternoon is offered in the morning only, the next working day only when it is not tomorrow.
 */
export function snoozeTimes(now: Date, timeZone: string | null, workdays: Workdays): SnoozeTime[] {
  const isKnown = timeZone !== null && IANAZone.isValidZone(timeZone);
  const local = DateTime.fromJSDate(now, { zone: isKnown ? timeZone : 'utc' });
  const suffix = isKnown ? '' : ' UTC';
  const offer = (choice: SnoozeChoice, at: DateTime, format: string): SnoozeTime => ({
    ...{ choice, at: at.toJSDate() },
    clock: `${at.setLocale('en-GB').toFormat(format)}${suffix}`,
  });
  const tomorrow = atHour(local.plus({ days: 1 }), MORNING);
  const workday = nextWorkday(local, workdays);
  const byDay = (choice: SnoozeChoice, at: DateTime) => offer(choice, at, 'ccc d LLL, HH:mm');
  return [
    offer('hour', local.plus({ hours: 1 }).startOf('minute'), 'HH:mm'),
    ...(local.hour < NOON ? [offer('afternoon', atHour(local, AFTERNOON), 'HH:mm')] : []),
    byDay('tomorrow', tomorrow),
    ...(workday === null || workday.hasSame(tomorrow, 'day') ? [] : [byDay('workday', workday)]),
    byDay('week', atHour(local.plus({ weeks: 1 }), MORNING)),
  ];
}

/** Null: none in sight. */
function nextWorkday(local: DateTime, workdays: Workdays): DateTime | null {
  for (let days = 1; days <= LONGEST_HOLIDAYS; days += 1) {
    const day = local.plus({ days });
    if (isWorkday(day.toISODate() ?? '', workdays)) return atHour(day, MORNING);
  }
  return null;
}

function atHour(day: DateTime, hour: number): DateTime {
  return day.startOf('day').set({ hour });
}
