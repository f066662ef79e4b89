import { expect, it } from 'vitest';
import { snoozeTimes } from '../../src/routing/snooze-times.ts';

/** "tomorrow Wed 11 Mar, 09:00 = 2026-03-11T08:00Z" */
function offered(at: string, zone: string | null): string[] {
  return snoozeTimes(new Date(at), zone).map(
    (time) => `${time.choice} ${time.clock} = ${time.at.toISOString().slice(0, 16)}Z`,
  );
}

it('in the morning offers the afternoon, on the clock of the person', () => {
  // A Tuesday, 10:20 in Berlin.
  expect(offered('2026-03-10T09:20:30Z', 'Europe/Berlin')).toEqual([
    'hour 11:20 = 2026-03-10T10:20Z',
    'afternoon 14:00 = 2026-03-10T13:00Z',
    'tomorrow Wed 11 Mar, 09:00 = 2026-03-11T08:00Z',
    'week Tue 17 Mar, 09:00 = 2026-03-17T08:00Z',
  ]);
});

it.each([
  ['a Friday', '2026-03-13T15:00:00Z', 'tomorrow Sat 14 Mar', 'workday Mon 16 Mar'],
  ['a Saturday', '2026-03-14T15:00:00Z', 'tomorrow Sun 15 Mar', 'workday Mon 16 Mar'],
])('before days off offers the next working day: on %s', (_name, at, tomorrow, workday) => {
  const choices = offered(at, 'Europe/Berlin').join('; ');
  expect(choices).toContain(tomorrow);
  expect(choices).toContain(workday);
  expect(choices).not.toContain('afternoon');
});

it('keeps 09:00 across a change of the clocks', () => {
  expect(offered('2026-03-28T18:00:00Z', 'Europe/Berlin')).toContain(
    'tomorrow Sun 29 Mar, 09:00 = 2026-03-29T07:00Z',
  );
});

it.each([null, 'Mars/Olympus'])('says UTC when the zone is unknown: %s', (zone) => {
  expect(offered('2026-03-10T09:20:00Z', zone)[0]).toBe('hour 10:20 UTC = 2026-03-10T10:20Z');
});
