import { DateTime } from 'luxon';

/** When yesterday and today began on the clocks of a zone; of UTC, when there is no such zone. */
export function dayBounds(now: Date, timeZone: string): { yesterday: Date; today: Date } {
  const local = DateTime.fromJSDate(now, { zone: timeZone });
  const today = (local.isValid ? local : DateTime.fromJSDate(now, { zone: 'utc' })).startOf('day');
  return { yesterday: today.minus({ days: 1 }).toJSDate(), today: today.toJSDate() };
}
