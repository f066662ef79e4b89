import type { HomeQueries, HomeStates } from '../../src/delivery/home/home-port.ts';
import type {
  HomeData,
  HomeState,
  MyFigures,
  MyOverrides,
  MyQueue,
  Part,
  PeopleSection,
  SetupStep,
  TeamSection,
} from '../../src/delivery/home/home-views.ts';
import type { LeadRow } from '../../src/delivery/views.ts';
import { minutesFrom, NOW } from './fake-lead-views.ts';

/** Plainly sample data for App Home, and its ports in memory. */

const PAGE = 10;

export function sampleMyQueue(
  leads: readonly LeadRow[],
  state: Pick<HomeState, 'filter' | 'page'> = { filter: 'all', page: 0 },
): MyQueue {
  const shown = leads.slice(state.page * PAGE, (state.page + 1) * PAGE);
  return {
    userId: 'U0REP',
    filter: state.filter,
    page: state.page,
    counts: { all: leads.length, due: 2, new: 1, accepted: 3, snoozed: 1 },
    leads: shown.map((lead, index) => ({
      lead,
      rank: state.page * PAGE + index + 1,
      isNew: index === 1,
    })),
  };
}

export function sampleFigures(over: Partial<MyFigures> = {}): MyFigures {
  return {
    days: 30,
    timeToAccept: { n: 42, medianMs: 6 * 60_000 },
    slaMet: { hits: 38, n: 42, rate: 0.905, low: 0.779, high: 0.962 },
    minimumN: 10,
    ...over,
  };
}

export function sampleMyOverrides(): MyOverrides {
  const row = { leadId: '01890000-0000-7000-8000-0000000000aa', at: minutesFrom(NOW, -9_000) };
  return {
    days: 90,
    count: 2,
    rows: [
      {
        ...{ ...row, shortId: 'L-9QX2', name: 'Kim Sample, Example Rail', fromTier: 'B' },
        ...{ toTier: 'A', cameOfIt: 'converted', cameAt: minutesFrom(NOW, -900) },
      },
      {
        ...{ ...row, shortId: 'L-7TZ4', name: '', fromTier: 'C', toTier: null },
        ...{ cameOfIt: null, cameAt: null },
      },
    ],
  };
}

export function sampleTeamSection(): TeamSection {
  return {
    teams: [
      {
        ...{ id: 'growth', name: 'Growth', overdue: 3, oldestAt: minutesFrom(NOW, -130) },
        yesterday: { received: 41, accepted: 38, held: 2 },
        today: { received: 12, accepted: 9, held: 0 },
        open: [
          { tier: 'A', count: 2 },
          { tier: 'C', count: 5 },
        ],
      },
    ],
    away: [
      { userId: 'U0GONE', name: 'Gone Sample', why: 'left', count: 4, until: null, timeZone: null },
      {
        userId: 'U0AWAY',
        name: 'Away Sample',
        why: 'away',
        count: 1,
        until: new Date('2026-11-23T23:00:00Z'),
        timeZone: 'Europe/Berlin',
      },
    ],
  };
}

export function samplePeople(): PeopleSection {
  return {
    roles: [
      { userId: 'U0ADMIN', name: 'Ada Admin', role: 'admin', grantedBy: null },
      { userId: 'U0MANAGER', name: 'Max Manager', role: 'manager', grantedBy: 'U0ADMIN' },
    ],
    notInSlack: ['nobody@example.com'],
    notInCrm: [{ userId: 'U0REP', name: 'Rae Sample' }],
  };
}

export function sampleSetup(): SetupStep[] {
  return [
    { id: 'channels', isDone: false, missing: ['#leads-growth'] },
    { id: 'reps', isDone: true, missing: [] },
    { id: 'sources', isDone: true, missing: [] },
    { id: 'crm', isDone: false, missing: [] },
    { id: 'first_lead', isDone: false, missing: [] },
  ];
}

export function ok<T>(value: T): Part<T> {
  return { ok: true, value };
}

/** A rep's; the parts of other roles are null. */
export function sampleHome(leads: readonly LeadRow[], over: Partial<HomeData> = {}): HomeData {
  return {
    ...{ userId: 'U0REP', role: 'rep', paused: ok(false), introduced: ['rep'] },
    ...{ queue: ok(sampleMyQueue(leads)), figures: ok(sampleFigures()) },
    overrides: ok(sampleMyOverrides()),
    ...{ team: null, held: null, report: null, rules: null },
    ...{ health: null, people: null, setup: null },
    ...over,
  };
}

export interface FakeHome {
  home: HomeQueries;
  homeStates: HomeStates;
  states: Map<string, HomeState>;
}

export function createFakeHome(leads: readonly LeadRow[]): FakeHome {
  const states = new Map<string, HomeState>();
  const read = (userId: string): HomeState =>
    states.get(userId) ?? { filter: 'all', page: 0, newSince: null, introduced: [] };
  const write = (userId: string, change: Partial<HomeState>): HomeState => {
    const state = { ...read(userId), ...change };
    states.set(userId, state);
    return state;
  };
  const team = { teamId: 'growth', team: 'Growth' };
  return {
    states,
    home: {
      queue: async (userId, state) => ({ ...sampleMyQueue(leads, state), userId }),
      figures: async () => sampleFigures(),
      overrides: async () => sampleMyOverrides(),
      team: async () => sampleTeamSection(),
      people: async () => samplePeople(),
      setup: async () => sampleSetup(),
      teamLeads: async (_member, teamId, page) =>
        teamId === team.teamId
          ? {
              ...{ ...team, page, count: leads.length },
              pages: Math.max(1, Math.ceil(leads.length / PAGE)),
              leads: leads.slice(page * PAGE, (page + 1) * PAGE),
            }
          : null,
      async assignable(_member, leadId) {
        const lead = leads.find((each) => each.leadId === leadId);
        const reps = [{ userId: 'U0OTHER', name: 'Otto Other' }];
        return lead === undefined ? null : { ...team, lead, reps };
      },
      leadsOf: async (_member, userId) =>
        userId === 'U0GONE' ? leads.slice(0, 2).map(({ leadId }) => leadId) : [],
    },
    homeStates: {
      read: async (userId) => read(userId),
      opened: async (userId) => write(userId, { page: 0 }),
      choose: async (userId, choice) => write(userId, { page: 0, ...choice }),
      putAway: async (userId, role) =>
        write(userId, { introduced: [...read(userId).introduced, role] }),
    },
  };
}
