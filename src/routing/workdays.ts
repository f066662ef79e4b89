import { DateTime } from 'luxon';
import type { TeamSource } from '../scoring/rule-files.ts';
import { type BusinessHours, WEEKDAYS } from './business-hours.ts';

/** On which days somebody works. */
export type Workdays = Pick<BusinessHours, 'days' | 'holidays'>;

/** Of somebody in no team. */
export const WORKWEEK: Workdays = { days: WEEKDAYS.slice(0, 5), holidays: [] };

/** Those of the first team that names this e-mail address. */
export function workdaysOf(email: string | null, teams: readonly TeamSource[]): Workdays {
  const own = email?.toLowerCase();
  const team = teams.find(
    ({ reps, manager }) =>
      reps.some((rep) => rep.email.toLowerCase() === own) || manager?.toLowerCase() === own,
  );
  if (own === undefined || team === undefined) return WORKWEEK;
  return { days: team.hours.days, holidays: team.holidays ?? [] };
}

/** `date`: "2026-11-25". */
export function isWorkday(date: string, { days, holidays }: Workdays): boolean {
  const weekday = WEEKDAYS[DateTime.fromISO(date, { zone: 'utc' }).weekday - 1];
  return weekday !== undefined && days.includes(weekday) && !holidays.includes(date);
}

/** How many days ago they worked last: 1 on a Tuesday, 3 on a Monday; two weeks at most. */
export function daysSinceWorkday(date: string, workdays: Workdays): number {
  const today = DateTime.fromISO(date, { zone: 'utc' });
  for (let days = 1; days < 14; days += 1) {
    if (isWorkday(today.minus({ days }).toISODate() ?? '', workdays)) return days;
  }
  return 14;
}
