import { DateTime, IANAZone } from 'luxon';

/** How a hot lead that is routed to somebody reaches them: a mention, a message of their own, or neither. */
export const ALERTS = ['channel', 'direct', 'none'] as const;
export type Alerts = (typeof ALERTS)[number];

/** "22:00" to "07:30" on the person's own clock; an end at or before the start is on the next day. */
export interface QuietHours {
  from: string;
  to: string;
}

/** From a moment until before another. */
export interface Absence {
  from: Date;
  until: Date;
}

/** What a person asked for. */
export interface Preferences {
  alerts: Alerts;
  quietHours: QuietHours | null;
  /** "08:30" on their own clock, on working days; null: no digest. */
  digestAt: string | null;
  /** The present or next one. */
  away: Absence | null;
}

/** Of somebody who never chose. */
export const DEFAULT_PREFERENCES: Preferences = {
  alerts: 'channel',
  quietHours: null,
  digestAt: null,
  away: null,
};

/** What may reach a person at one moment. */
export interface Attention {
  /** A mention in a channel, which pings. */
  mention: boolean;
  /** A direct message with each hot lead that is routed to them. */
  direct: boolean;
  /** Nothing pings before this moment (quiet hours end, or they are back); null: they may be reached now. */
  quietUntil: Date | null;
}

/** `timeZone`: the person's own, an IANA name; null or one that does not exist counts as UTC. */
export function attentionOf(
  preferences: Preferences,
  timeZone: string | null,
  now: Date,
): Attention {
  const { alerts, quietHours, away } = preferences;
  if (away !== null && isAway(away, now)) {
    return { mention: false, direct: false, quietUntil: away.until };
  }
  const quietUntil = quietHours === null ? null : endOfQuiet(quietHours, timeZone, now);
  return {
    mention: alerts === 'channel' && quietUntil === null,
    direct: alerts === 'direct',
    quietUntil,
  };
}

export function isAway(away: Absence | null, now: Date): boolean {
  return away !== null && away.from <= now && now < away.until;
}

/** Null: it is not quiet now. */
function endOfQuiet({ from, to }: QuietHours, timeZone: string | null, now: Date): Date | null {
  const at = now.getTime();
  const today = localTime(now, timeZone).startOf('day');
  // Yesterday's night may last past midnight.
  for (const day of [today.minus({ days: 1 }), today]) {
    const begins = atClock(day, from).toMillis();
    const ends = atClock(to <= from ? day.plus({ days: 1 }) : day, to).toMillis();
    if (begins <= at && at < ends) return new Date(ends);
  }
  return null;
}

/** When a person's clock next shows "08:30": after `now`, today or tomorrow, also where the clocks change. */
export function nextAtClock(clock: string, timeZone: string | null, now: Date): Date {
  const today = localTime(now, timeZone).startOf('day');
  const next = atClock(today, clock);
  const isAhead = next.toMillis() > now.getTime();
  return (isAhead ? next : atClock(today.plus({ days: 1 }), clock)).toJSDate();
}

/** The day on a person's own calendar: "2026-11-25"; and the time on their clock: "08:30". */
export function localDay(moment: Date, timeZone: string | null): { date: string; clock: string } {
  const local = localTime(moment, timeZone);
  const two = (part: number) => String(part).padStart(2, '0');
  return { date: local.toISODate() ?? '', clock: `${two(local.hour)}:${two(local.minute)}` };
}

/** When a day begins on a person's own calendar; null: there is no such day. */
export function startOfDay(date: string, timeZone: string | null): Date | null {
  const day = DateTime.fromISO(date, { zone: zoneOf(timeZone) });
  return day.isValid ? day.startOf('day').toJSDate() : null;
}

function localTime(moment: Date, timeZone: string | null): DateTime {
  return DateTime.fromJSDate(moment, { zone: zoneOf(timeZone) });
}

function zoneOf(timeZone: string | null): string {
  return timeZone !== null && IANAZone.isValidZone(timeZone) ? timeZone : 'utc';
}

function atClock(day: DateTime, clock: string): DateTime {
  const [hour, minute] = clock.split(':').map(Number);
  return day.set({ hour: hour ?? 0, minute: minute ?? 0, second: 0, millisecond: 0 });
}
