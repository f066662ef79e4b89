import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attentionOf,
  DEFAULT_PREFERENCES,
  localDay,
  nextAtClock,
  type Preferences,
  startOfDay,
} from '../../src/routing/availability.ts';

const BERLIN = 'Europe/Berlin';
const at = (text: string) => new Date(text);

function prefs(over: Partial<Preferences>): Preferences {
  return { ...DEFAULT_PREFERENCES, ...over };
}

describe('attention', () => {
  const quietHours = { from: '22:00', to: '07:30' };

  it.each([
    ['2026-11-25T20:59:00Z', null],
    ['2026-11-25T21:00:00Z', '2026-11-26T06:30:00.000Z'],
    ['2026-11-26T06:29:59Z', '2026-11-26T06:30:00.000Z'],
    ['2026-11-26T06:30:00Z', null],
    // The night in which the clocks go back is an hour longer, the other one shorter.
    ['2026-10-24T20:30:00Z', '2026-10-25T06:30:00.000Z'],
    ['2026-03-28T21:30:00Z', '2026-03-29T05:30:00.000Z'],
  ])('quiet hours past midnight, by the own clock: %s', (now, until) => {
    const { mention, quietUntil } = attentionOf(prefs({ quietHours }), BERLIN, at(now));
    expect(quietUntil?.toISOString() ?? null).toBe(until);
    expect(mention).toBe(until === null);
  });

  it('a mention, a message of their own, or neither; nothing at all while away', () => {
    const now = at('2026-11-25T12:00:00Z');
    const reached = (over: Partial<Preferences>) => {
      const { mention, direct } = attentionOf(prefs(over), BERLIN, now);
      return [mention, direct];
    };
    expect(reached({})).toEqual([true, false]);
    expect(reached({ alerts: 'direct' })).toEqual([false, true]);
    expect(reached({ alerts: 'none' })).toEqual([false, false]);
    const away = { from: now, until: at('2026-11-30T00:00:00Z') };
    expect(reached({ away })).toEqual([false, false]);
    expect(reached({ alerts: 'direct', away })).toEqual([false, false]);
    expect(attentionOf(prefs({ away }), BERLIN, now).quietUntil).toEqual(away.until);
    expect(reached({ away: { ...away, from: at('2026-11-25T12:00:01Z') } })).toEqual([true, false]);
    expect(reached({ away: { from: at('2026-11-20T00:00:00Z'), until: now } })).toEqual([
      true,
      false,
    ]);
  });

  it('a time zone that Slack does not tell, or that does not exist, is UTC', () => {
    const now = at('2026-11-25T22:30:00Z');
    for (const zone of [null, 'Nowhere/Nothing']) {
      expect(attentionOf(prefs({ quietHours }), zone, now).quietUntil).toEqual(
        at('2026-11-26T07:30:00Z'),
      );
    }
  });
});

describe('the next time of a clock', () => {
  it('comes once a day, at that time, also where the clocks change', () => {
    const zones = fc.constantFrom(
      BERLIN,
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
    );
    const halfHours = fc.integer({ min: 0, max: 47 }).map((n) => {
      return `${String(n >> 1).padStart(2, '0')}:${n % 2 === 0 ? '00' : '30'}`;
    });
    const start = fc.date({ min: at('2026-01-01'), max: at('2026-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(zones, halfHours, start, (zone, clock, from) => {
        const first = nextAtClock(clock, zone, from);
        const second = nextAtClock(clock, zone, first);
        expect(first.getTime()).toBeGreaterThan(from.getTime());
        expect(first.getTime() - from.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
        expect(localDay(second, zone).date > localDay(first, zone).date).toBe(true);
        expect(localDay(first, zone).clock >= clock).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('a day begins at midnight of its zone; what is no day does not', () => {
    expect(startOfDay('2026-11-25', 'America/New_York')).toEqual(at('2026-11-25T05:00:00Z'));
    expect(startOfDay('2026-02-30', BERLIN)).toBeNull();
  });
});
