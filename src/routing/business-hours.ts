import { DateTime } from 'luxon';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When a team works, on the clock of its own zone. */
export interface BusinessHours {
  /** IANA name: "America/New_York". */
  timeZone: string;
  days: readonly Weekday[];
  /** "09:00". */
  from: string;
  /** "17:30"; at or before `from` means on the next day, so that night shifts can be written. */
  to: string;
  /** "2026-12-25": no shift starts on that day. */
  holidays: readonly string[];
}

interface Shift {
  opensAt: number;
  closesAt: number;
}

const CLOCK = /^([01][0-9]|2[0-3]):[0-5][0-9]$/;
const MINUTE_MS = 60_000;
/** A year without a shift: the hours are never open. */
const LONGEST_PAUSE_DAYS = 400;

/**
 * The moment at which `minutes` of working time have passed since `start`. Outside of hours the clock
 * stands: a lead at 02:00 with five minutes is due five minutes after opening. Minutes are real ones, so a
 * shift across a change of the clocks is an hour longer or shorter. Hours that never open, or name a zone
 * that does not exist, count as always open: a promise late at night beats none.
 */
export function addBusinessMinutes(start: Date, minutes: number, hours: BusinessHours): Date {
  const from = start.getTime();
  let left = Math.max(0, Number.isFinite(minutes) ? minutes : 0) * MINUTE_MS;
  let closedDays = 0;
  for (const shift of rememberedShifts(from, hours)) {
    if (shift === null) {
      closedDays += 1;
      if (closedDays > LONGEST_PAUSE_DAYS) break;
      continue;
    }
    const opensAt = Math.max(shift.opensAt, from);
    if (opensAt >= shift.closesAt) continue;
    closedDays = 0;
    if (opensAt + left <= shift.closesAt) return new Date(opensAt + left);
    left -= shift.closesAt - opensAt;
  }
  return new Date(from + left);
}

/** How much working time lies between two moments; all of it where the hours never open. 0 when `end` comes first. */
export function businessMinutesBetween(start: Date, end: Date, hours: BusinessHours): number {
  const [from, until] = [start.getTime(), end.getTime()];
  if (until <= from) return 0;
  let worked = 0;
  let closedDays = 0;
  let isEverOpen = false;
  for (const shift of rememberedShifts(from, hours)) {
    if (shift === null) {
      closedDays += 1;
      if (closedDays > LONGEST_PAUSE_DAYS) break;
      continue;
    }
    closedDays = 0;
    isEverOpen = true;
    if (shift.opensAt >= until) break;
    worked += Math.max(0, Math.min(shift.closesAt, until) - Math.max(shift.opensAt, from));
  }
  return (isEverOpen ? worked : until - from) / MINUTE_MS;
}

/** When the present shift began; null while nobody is at work. */
export function shiftStartedAt(moment: Date, hours: BusinessHours): Date | null {
  const at = moment.getTime();
  // Yesterday's shift and today's are all that can hold it.
  const shift = rememberedShifts(at, hours)
    .take(2)
    .find((each) => each !== null && each.opensAt <= at && at < each.closesAt);
  return shift ? new Date(shift.opensAt) : null;
}

/** Is somebody at work at this moment? */
export function isOpenAt(moment: Date, hours: BusinessHours): boolean {
  return shiftStartedAt(moment, hours) !== null;
}

interface Plan {
  minute: number;
  known: (Shift | null)[];
  more: Generator<Shift | null>;
}

/** Calendars are slow, and a burst of leads asks about the same minute: the last one is kept for each team. */
const plans = new WeakMap<BusinessHours, Plan>();

function* rememberedShifts(moment: number, hours: BusinessHours): Generator<Shift | null> {
  const minute = Math.floor(moment / MINUTE_MS);
  let plan = plans.get(hours);
  if (plan?.minute !== minute) {
    plan = { minute, known: [], more: shiftsFrom(moment, hours) };
    plans.set(hours, plan);
  }
  for (let index = 0; ; index += 1) {
    if (index === plan.known.length) {
      const { done, value } = plan.more.next();
      if (done === true) return;
      plan.known.push(value);
    }
    yield plan.known[index] ?? null;
  }
}

/** Shifts in order, beginning with yesterday's (it may last past midnight); null for each day off. */
function* shiftsFrom(moment: number, hours: BusinessHours): Generator<Shift | null> {
  const today = DateTime.fromMillis(moment, { zone: hours.timeZone }).startOf('day');
  if (!today.isValid) return;
  let lastClosedAt = Number.NEGATIVE_INFINITY;
  for (let offset = -1; ; offset++) {
    const day = today.plus({ days: offset });
    const shift = isWorkday(day, hours) ? shiftOf(day, hours) : null;
    if (shift === null) {
      yield null;
      continue;
    }
    // Two shifts never overlap, even where the clocks go back.
    const opensAt = Math.max(shift.opensAt, lastClosedAt);
    lastClosedAt = shift.closesAt;
    yield { opensAt, closesAt: shift.closesAt };
  }
}

function isWorkday(day: DateTime, hours: BusinessHours): boolean {
  const weekday = WEEKDAYS[day.weekday - 1];
  return (
    weekday !== undefined &&
    hours.days.includes(weekday) &&
    !hours.holidays.includes(day.toISODate() ?? '')
  );
}

function shiftOf(day: DateTime, hours: BusinessHours): Shift | null {
  if (!CLOCK.test(hours.from) || !CLOCK.test(hours.to)) return null;
  const opens = atClock(day, hours.from);
  const closesDay = hours.to <= hours.from ? day.plus({ days: 1 }) : day;
  const closes = atClock(closesDay, hours.to);
  return { opensAt: opens.toMillis(), closesAt: closes.toMillis() };
}

function atClock(day: DateTime, clock: string): DateTime {
  const [hour, minute] = clock.split(':').map(Number);
  return day.set({ hour: hour ?? 0, minute: minute ?? 0, second: 0, millisecond: 0 });
}
