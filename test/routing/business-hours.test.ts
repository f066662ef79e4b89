import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import {
  addBusinessMinutes,
  type BusinessHours,
  businessMinutesBetween,
  isOpenAt,
  shiftStartedAt,
} from '../../src/routing/business-hours.ts';

const NEW_YORK: BusinessHours = {
  timeZone: 'America/New_York',
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '09:00',
  to: '17:30',
  holidays: ['2026-11-26'],
};

/** Local wall clock of the team, both ways. */
function due(start: string, minutes: number, hours: BusinessHours = NEW_YORK): string {
  const from = DateTime.fromISO(start, { zone: hours.timeZone }).toJSDate();
  const at = DateTime.fromJSDate(addBusinessMinutes(from, minutes, hours), {
    zone: hours.timeZone,
  });
  return at.toFormat("yyyy-MM-dd'T'HH:mm");
}

describe('addBusinessMinutes', () => {
  it.each([
    ['within the day', '2026-11-03T10:00', 30, '2026-11-03T10:30'],
    ['at night, from opening', '2026-11-03T02:00', 5, '2026-11-03T09:05'],
    ['after hours, the next morning', '2026-11-03T19:00', 15, '2026-11-04T09:15'],
    ['over night, the rest tomorrow', '2026-11-03T17:20', 30, '2026-11-04T09:20'],
    ['until closing exactly', '2026-11-03T17:00', 30, '2026-11-03T17:30'],
    ['at closing, the next morning', '2026-11-03T17:30', 5, '2026-11-04T09:05'],
    ['over the weekend', '2026-11-06T17:00', 60, '2026-11-09T09:30'],
    ['on Saturday', '2026-11-07T12:00', 5, '2026-11-09T09:05'],
    ['over a holiday', '2026-11-25T17:25', 10, '2026-11-27T09:05'],
    ['over the change of the clocks', '2026-10-30T17:25', 10, '2026-11-02T09:05'],
    ['two whole days', '2026-11-02T09:00', 2 * 510, '2026-11-03T17:30'],
    ['nothing, at night', '2026-11-03T02:00', 0, '2026-11-03T09:00'],
    ['less than nothing', '2026-11-03T10:00', -5, '2026-11-03T10:00'],
  ])('%s', (_, start, minutes, expected) => {
    expect(due(start, minutes)).toBe(expected);
  });

  it('counts real minutes where the clocks change within a shift', () => {
    const nights = {
      ...NEW_YORK,
      days: ['sun'] as const,
      from: '00:00',
      to: '06:00',
      holidays: [],
    };
    // Sunday 2026-03-08 loses an hour, 2026-11-01 gains one.
    expect(due('2026-03-08T00:00', 300, nights)).toBe('2026-03-08T06:00');
    expect(due('2026-11-01T00:00', 420, nights)).toBe('2026-11-01T06:00');
  });

  it('knows shifts past midnight', () => {
    const late = { ...NEW_YORK, from: '18:00', to: '02:00', holidays: [] };
    expect(due('2026-11-04T01:00', 30, late)).toBe('2026-11-04T01:30');
    expect(due('2026-11-04T01:45', 30, late)).toBe('2026-11-04T18:15');
    expect(due('2026-11-07T01:45', 30, late)).toBe('2026-11-09T18:15');
  });

  it('is around the clock when from and to are one', () => {
    const always = {
      ...NEW_YORK,
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const,
      from: '00:00',
      to: '00:00',
      holidays: [],
    };
    const start = new Date('2026-10-31T00:00:00Z');
    expect(addBusinessMinutes(start, 5_000, always).getTime()).toBe(
      start.getTime() + 5_000 * 60_000,
    );
  });

  it('promises plain time where the hours never come', () => {
    const start = new Date('2026-11-03T02:00:00Z');
    for (const hours of [
      { ...NEW_YORK, days: [] },
      { ...NEW_YORK, timeZone: 'Mars/Base' },
      { ...NEW_YORK, from: 'x' },
    ]) {
      expect(addBusinessMinutes(start, 5, hours)).toEqual(new Date('2026-11-03T02:05:00Z'));
    }
  });

  it('holds for any start: never early, monotone, additive, and due while open', () => {
    const start = fc.date({
      min: new Date('2026-01-01'),
      max: new Date('2028-01-01'),
      noInvalidDate: true,
    });
    const minutes = fc.integer({ min: 1, max: 3_000 });
    const zone = fc.constantFrom(
      'America/New_York',
      'Europe/Berlin',
      'Asia/Kolkata',
      'Pacific/Apia',
      'Australia/Lord_Howe',
    );
    const clock = fc.constantFrom('00:00', '02:30', '06:00', '09:00', '17:30', '22:00');
    fc.assert(
      fc.property(start, minutes, minutes, zone, clock, clock, (from, first, second, ...team) => {
        const [timeZone, opens, closes] = team;
        const hours = { ...NEW_YORK, timeZone, from: opens, to: closes };
        const one = addBusinessMinutes(from, first, hours);
        const both = addBusinessMinutes(from, first + second, hours);
        expect(one.getTime()).toBeGreaterThanOrEqual(from.getTime() + first * 60_000);
        expect(addBusinessMinutes(one, second, hours)).toEqual(both);
        expect(isOpenAt(new Date(one.getTime() - 1), hours)).toBe(true);
        expect(businessMinutesBetween(from, one, hours)).toBeCloseTo(first, 6);
      }),
      { numRuns: 200 },
    );
  });
});

describe('isOpenAt and the shift', () => {
  const at = (text: string) => DateTime.fromISO(text, { zone: 'America/New_York' }).toJSDate();

  it('opens at the first minute and closes at the last', () => {
    expect(isOpenAt(at('2026-11-03T09:00'), NEW_YORK)).toBe(true);
    expect(isOpenAt(at('2026-11-03T17:29'), NEW_YORK)).toBe(true);
    for (const closed of [
      '2026-11-03T08:59',
      '2026-11-03T17:30',
      '2026-11-07T12:00',
      '2026-11-26T12:00',
    ]) {
      expect(isOpenAt(at(closed), NEW_YORK), closed).toBe(false);
    }
    expect(isOpenAt(at('2026-11-03T12:00'), { ...NEW_YORK, days: [] })).toBe(false);
  });

  it('belongs to the day on which it began, past midnight too', () => {
    const night = { ...NEW_YORK, from: '22:00', to: '06:00' };
    expect(shiftStartedAt(at('2026-11-04T05:59'), night)).toEqual(at('2026-11-03T22:00'));
    expect(shiftStartedAt(at('2026-11-07T05:59'), night)).toEqual(at('2026-11-06T22:00'));
    // Sunday's night is none of Monday's; the holiday has no night of its own.
    for (const closed of ['2026-11-04T06:00', '2026-11-09T03:00', '2026-11-26T23:00']) {
      expect(isOpenAt(at(closed), night), closed).toBe(false);
    }
    const whole = { ...NEW_YORK, from: '09:00', to: '09:00' };
    expect(shiftStartedAt(at('2026-11-04T08:59'), whole)).toEqual(at('2026-11-03T09:00'));
    expect(shiftStartedAt(at('2026-11-04T09:00'), whole)).toEqual(at('2026-11-04T09:00'));
  });
});
