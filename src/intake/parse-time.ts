import { DateTime } from 'luxon';

const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/**
 * A time as webhooks write it: ISO 8601 (UTC when it names no zone), or seconds or milliseconds since 1970.
 * Null when it is none, or not of this century.
 */
export function parseTime(value: unknown): Date | null {
  const millis = typeof value === 'number' ? fromEpoch(value) : fromText(value);
  return millis !== null && millis >= EARLIEST && millis < LATEST ? new Date(millis) : null;
}

function fromText(value: unknown): number | null {
  if (typeof value !== 'string' || value.length > 40) return null;
  const text = value.trim();
  if (/^[0-9]{9,13}(\.[0-9]{1,6})?$/.test(text)) return fromEpoch(Number(text));
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}/.test(text)) return null;
  const time = DateTime.fromISO(text.replace(' ', 'T'), { zone: 'utc' });
  return time.isValid ? time.toMillis() : null;
}

// Seconds until the year 2100 stay below 5e9; milliseconds since 2000 lie far above.
function fromEpoch(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  return Math.round(value < 5e9 ? value * 1000 : value);
}
