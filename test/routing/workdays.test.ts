import { expect, it } from 'vitest';
import { WORKWEEK, workdaysOf } from '../../src/routing/workdays.ts';
import { sampleTeams } from '../support/fake-teams.ts';

const TEAMS = sampleTeams().map((team) => ({
  ...team,
  reps: [{ email: 'Rep.One@example.com' }],
  manager: 'manager@example.com',
  holidays: ['2026-11-26'],
}));

it.each(['rep.one@example.com', 'MANAGER@example.com'])(
  '%s works when their team does',
  (email) => {
    expect(workdaysOf(email, TEAMS)).toEqual({
      days: ['mon', 'tue', 'wed'],
      holidays: ['2026-11-26'],
    });
  },
);

it.each(['somebody.else@example.com', null])('%s, in no team, works Monday to Friday', (email) => {
  expect(workdaysOf(email, TEAMS)).toEqual(WORKWEEK);
});
