import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addBusinessMinutes,
  businessMinutesBetween,
  shiftStartedAt,
} from '../../src/routing/business-hours.ts';
import { dueEscalation, planEscalation, type WaitingLead } from '../../src/routing/escalation.ts';
import { hoursOf } from '../../src/routing/route-lead.ts';
import type { EscalationStep } from '../../src/scoring/escalation-left.ts';
import type { TeamSource } from '../../src/scoring/rule-files.ts';
import { propertyEffort } from '../support/effort.ts';

type Team = Pick<TeamSource, 'escalation' | 'hours' | 'holidays'>;

const TEAM: Team = {
  hours: {
    time_zone: 'UTC',
    days: ['mon', 'tue', 'wed', 'thu', 'fri'],
    from: '09:00',
    to: '17:00',
  },
};
const HOURS = hoursOf(TEAM);

/** On Tuesday, 3 November 2026, unless another day is named. */
function at(clock: string, day = '2026-11-03'): Date {
  return new Date(`${day}T${clock}:00Z`);
}

function lead(over: Partial<WaitingLead> & { sla?: number } = {}): WaitingLead {
  const { sla = 60, ...given } = over;
  const receivedAt = given.receivedAt ?? at('10:00');
  return {
    ...{ tier: 'A', receivedAt, assignedAt: receivedAt, wokeAt: null, taken: [] },
    slaDueAt: addBusinessMinutes(receivedAt, sla, HOURS),
    ...given,
  };
}

function plan(waiting: WaitingLead, team: Team = TEAM): string[] {
  return planEscalation(team, waiting).map(({ step, at: moment }) => {
    return `${step} ${moment.toISOString().slice(0, 16)}`;
  });
}

const everybody = () => true;

describe('planEscalation', () => {
  it.each([
    [
      'an hour: rep at half, team 12 minutes before, manager when it is due',
      { sla: 60 },
      ['rep 2026-11-03T10:30', 'team 2026-11-03T10:48', 'manager 2026-11-03T11:00'],
    ],
    [
      'a long one: team a quarter of an hour before',
      { sla: 240 },
      ['rep 2026-11-03T12:00', 'team 2026-11-03T13:45', 'manager 2026-11-03T14:00'],
    ],
    [
      'over night, in business hours',
      { receivedAt: at('16:30') },
      ['rep 2026-11-03T17:00', 'team 2026-11-04T09:18', 'manager 2026-11-04T09:30'],
    ],
    [
      'received at night',
      { receivedAt: at('02:00') },
      ['rep 2026-11-03T09:30', 'team 2026-11-03T09:48', 'manager 2026-11-03T10:00'],
    ],
    [
      'over a weekend',
      { receivedAt: at('16:50', '2026-11-06') },
      ['rep 2026-11-09T09:20', 'team 2026-11-09T09:38', 'manager 2026-11-09T09:50'],
    ],
    ['not for tier C', { tier: 'C' }, []],
    [
      'handed over late: what was due before is left out, but for the last',
      { assignedAt: at('10:55') },
      ['manager 2026-11-03T11:00'],
    ],
    [
      'handed over overdue: the manager hears of it',
      { assignedAt: at('12:00') },
      ['manager 2026-11-03T11:00'],
    ],
    [
      'what was due while it slept is nobody’s',
      { wokeAt: at('10:50') },
      ['manager 2026-11-03T11:00'],
    ],
    ['overdue when it woke', { wokeAt: at('12:00') }, []],
  ] as const)('%s', (_name, over, expected) => {
    expect(plan(lead({ ...over }))).toEqual(expected);
  });

  it('is what routing.yml says, where it says something', () => {
    const own = (escalation: Team['escalation']) => plan(lead(), { ...TEAM, escalation });
    expect(own({ rep: 'never', team: '10m' })).toEqual([
      'team 2026-11-03T10:50',
      'manager 2026-11-03T11:00',
    ]);
    expect(own({ tiers: [] })).toEqual([]);
    expect(own({ rep: '100%', manager: 'never', team: ['30m', '10%'] })).toEqual([
      'team 2026-11-03T10:54',
    ]);
  });
});

describe('dueEscalation', () => {
  function answer(
    clock: string,
    over: Partial<WaitingLead> = {},
    canTell: (step: EscalationStep) => boolean = everybody,
  ) {
    const { step, lookAt } = dueEscalation(TEAM, lead(over), canTell, at(clock));
    return [step, lookAt?.toISOString().slice(11, 16) ?? null];
  }

  it.each([
    ['nothing before half of the time', '10:29', [], [null, '10:30']],
    ['the rep at half', '10:30', [], ['rep', '10:48']],
    ['each once', '10:31', ['rep'], [null, '10:48']],
    ['the team next', '10:50', ['rep'], ['team', '11:00']],
    ['the manager last, then nobody', '11:00', ['rep', 'team'], ['manager', null]],
    ['after that nothing', '12:00', ['rep', 'team', 'manager'], [null, null]],
    ['what was missed is not made up for', '11:30', [], ['manager', null]],
    ['none goes back', '10:50', ['manager'], [null, null]],
  ] as const)('%s', (_name, clock, taken, expected) => {
    expect(answer(clock, { taken: [...taken] })).toEqual(expected);
  });

  it('passes over who cannot be told, and waits when nobody is left', () => {
    expect(answer('10:30', {}, (step) => step !== 'rep')).toEqual(['team', '11:00']);
    expect(answer('10:30', {}, (step) => step === 'manager')).toEqual(['manager', null]);
    expect(answer('11:00', { taken: ['team'] }, () => false)).toEqual([null, '11:05']);
  });

  it('tells nobody outside of hours', () => {
    const late = lead({ receivedAt: at('16:00') });
    const { step, lookAt } = dueEscalation(TEAM, late, everybody, at('17:00'));
    expect([step, lookAt]).toEqual([null, at('09:00', '2026-11-04')]);
    expect(dueEscalation(TEAM, late, everybody, at('09:00', '2026-11-04')).step).toBe('manager');
  });

  it('never takes a step twice or backwards, whenever it is asked', () => {
    const minutes = fc.integer({ min: -60, max: 3_000 });
    fc.assert(
      fc.property(fc.array(minutes, { maxLength: 20 }), fc.array(fc.boolean()), (asked, can) => {
        const taken: EscalationStep[] = [];
        for (const [index, minute] of asked.toSorted((a, b) => a - b).entries()) {
          const now = new Date(at('10:00').getTime() + minute * 60_000);
          const waiting = lead({ taken: [...taken] });
          const { step } = dueEscalation(TEAM, waiting, () => can[index] ?? true, now);
          if (step === null) continue;
          expect(taken).not.toContain(step);
          taken.push(step);
          expect(now >= at('10:30') && shiftStartedAt(now, HOURS) !== null).toBe(true);
        }
        const order = ['rep', 'team', 'manager'];
        expect(taken).toEqual(order.filter((step) => taken.some((each) => each === step)));
      }),
      propertyEffort(100, 2_000),
    );
  });
});

describe('businessMinutesBetween', () => {
  it.each([
    ['within a shift', at('10:00'), at('10:45'), 45],
    ['over night', at('16:30'), at('09:30', '2026-11-04'), 60],
    ['in one night', at('20:00'), at('22:00'), 0],
    ['backwards', at('12:00'), at('11:00'), 0],
    ['over a weekend', at('16:00', '2026-11-06'), at('10:00', '2026-11-09'), 120],
  ])('%s', (_name, start, end, minutes) => {
    expect(businessMinutesBetween(start, end, HOURS)).toBe(minutes);
  });

  it('is what addBusinessMinutes adds', () => {
    const moment = fc.integer({ min: 0, max: 20 * 24 * 60 });
    fc.assert(
      fc.property(moment, fc.integer({ min: 0, max: 3_000 }), (minute, added) => {
        const start = new Date(at('00:00').getTime() + minute * 60_000);
        const end = addBusinessMinutes(start, added, HOURS);
        expect(businessMinutesBetween(start, end, HOURS)).toBe(added);
      }),
      propertyEffort(100, 2_000),
    );
  });

  it('counts all of it where the hours never open, as the deadline does', () => {
    const never = { ...HOURS, days: [] };
    expect(businessMinutesBetween(at('10:00'), at('11:00'), never)).toBe(60);
  });
});
