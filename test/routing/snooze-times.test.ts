import { expect, it } from 'vitest';
import { snoozeTimes } from '../../src/routing/snooze-times.ts';
import { WORKWEEK, type Workdays } from '../../src/routing/workdays.ts';

/** "tomorrow Wed 11 Mar, 09:00 = 2026-03-11T08:00Z" */
function offered(at: string, zone: string | null, workdays: Workdays = WORKWEEK): string[] {
  return snoozeTimes(new Date(at), zone, workdays).map(
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

it('counts the days and holidays of the team', () => {
  // Wednesday evening; Thursday is a holiday, and the team works on Sundays, not on Fridays.
  const team = { days: ['sun', 'mon', 'tue', 'wed', 'thu'], holidays: ['2026-11-26'] } as const;
  const choices = offered('2026-11-25T23:00:00Z', 'America/New_York', team).join('; ');
  expect(choices).toContain('tomorrow Thu 26 Nov');
  expect(choices).toContain('workday Sun 29 Nov, 09:00');
});

it('offers no working day to a team that has none in sight', () => {
  const choices = offered('2026-11-25T23:00:00Z', null, { days: [], holidays: [] }).join('; ');
  expect(choices).toContain('tomorrow');
  expect(choices).not.toContain('workday');
});

it('keeps 09:00 across a change of the clocks', () => {
  expect(offered('2026-03-28T18:00:00Z', 'Europe/Berlin')).toContain(
    'tomorrow Sun 29 Mar, 09:00 = 2026-03-29T07:00Z',
  );
});

it.each([null, 'Mars/Olympus'])('says UTC when the zone is unknown: %s', (zone) => {
  expect(offered('2026-03-10T09:20:00Z', zone)[0]).toBe('hour 10:20 UTC = 2026-03-10T10:20Z');
});
