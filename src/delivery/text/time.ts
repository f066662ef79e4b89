import type { RichTextElement } from '@slack/types';
import { escapeMrkdwn } from './escape.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The board puts a lead that is due this soon before others of its tier. */
export const SOON_MS = 15 * MINUTE;

/** "12 min", "1 h 20 min", "3 days": rounded down, two parts at most. Below a minute: "under 1 min". */
export function duration(ms: number): string {
  const size = Math.abs(ms);
  if (size < MINUTE) return 'under 1 min';
  if (size < HOUR) return `${Math.floor(size / MINUTE)} min`;
  if (size < DAY) {
    const minutes = Math.floor((size % HOUR) / MINUTE);
    const hours = `${Math.floor(size / HOUR)} h`;
    return minutes === 0 ? hours : `${hours} ${minutes} min`;
  }
  const days = Math.floor(size / DAY);
  return days === 1 ? '1 day' : `${days} days`;
}

/** "within 13 min", "within 2 h", "in under 1 min": rounded up, so that it holds. */
export function within(ms: number): string {
  if (ms < MINUTE) return `in ${duration(ms)}`;
  const unit = ms < DAY ? MINUTE : DAY;
  return `within ${duration(Math.ceil(ms / unit) * unit)}`;
}

/** "due in 12 min" or "overdue 1 h": for what is read at once and not kept, since it ages. */
export function dueIn(due: Date, now: Date): string {
  const left = due.getTime() - now.getTime();
  return left >= 0 ? `due in ${duration(left)}` : `overdue ${duration(left)}`;
}

/** Whose clock the times of a form are on. */
export function whoseClock(timeZone: string | null): string {
  return timeZone === null
    ? 'Slack does not tell your time zone, so times are in UTC.'
    : `Times are on your clock in Slack: ${escapeMrkdwn(timeZone, 60)}.`;
}

export type Urgency = 'overdue' | 'soon' | 'later';

export function urgency(due: Date, now: Date): Urgency {
  const left = due.getTime() - now.getTime();
  if (left < 0) return 'overdue';
  return left <= SOON_MS ? 'soon' : 'later';
}

const WITH_DAY = '{date_short_pretty} at {time}';

function isFar(at: Date, now: Date): boolean {
  return Math.abs(at.getTime() - now.getTime()) > 6 * HOUR;
}

function dateFormat(at: Date, now: Date): string {
  return isFar(at, now) ? WITH_DAY : '{time}';
}

/** "2026-01-15 14:35 UTC": what a client shows that cannot draw dates, and logs. */
export function utc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}

/** A moment in the reader's own time zone, for mrkdwn. The day is named when it is not close to `now`. */
export function dateToken(at: Date, now: Date): string {
  return `<!date^${seconds(at)}^${dateFormat(at, now)}|${utc(at)}>`;
}

/** The same with its day in any case: for what is ahead and kept, since midnight may lie between. */
export function dayToken(at: Date): string {
  return `<!date^${seconds(at)}^${WITH_DAY}|${utc(at)}>`;
}

/** `dateToken` in a sentence: "at 14:31", "yesterday at 14:31". */
export function whenToken(at: Date, now: Date): string {
  return `${isFar(at, now) ? '' : 'at '}${dateToken(at, now)}`;
}

/** `dateToken` for rich_text. */
export function richDate(at: Date, now: Date): RichTextElement {
  return { type: 'date', timestamp: seconds(at), format: dateFormat(at, now), fallback: utc(at) };
}

/** `dayToken` for rich_text. */
export function richDay(at: Date): RichTextElement {
  return { type: 'date', timestamp: seconds(at), format: WITH_DAY, fallback: utc(at) };
}
