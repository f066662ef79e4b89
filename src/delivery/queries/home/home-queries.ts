import type { Kysely } from 'kysely';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/postgres/tables.ts';
import type { Rulesets } from '../../../records/rulesets.ts';
import type { HomeQueries } from '../../home/home-port.ts';
import { teamsOf } from '../../home/teams-of.ts';
import type { Member } from '../../ports.ts';
import { readAwayReps, readLeadsOfAway } from './away-reps.ts';
import { readMyFigures } from './my-figures.ts';
import { readMyOverrides } from './my-overrides.ts';
import { readMyQueue } from './my-queue.ts';
import { readPeople } from './people.ts';
import { readSetup, type SetupSources } from './setup-steps.ts';
import { readAssignable, readTeamLeads } from './team-leads.ts';
import { readTeamsToday } from './team-today.ts';

export interface HomeQueriesOptions extends SetupSources {
  db: Kysely<Database>;
  rulesets: Pick<Rulesets, 'live'>;
  clock: Clock;
  crmUrl(crmId: string | null): string | null;
}

const FIGURE_DAYS = 30;
/** Outcomes take longer than acceptances. */
const OVERRIDE_DAYS = 90;

export function createHomeQueries(options: HomeQueriesOptions): HomeQueries {
  const { db, rulesets, clock, crmUrl, hasCrm } = options;

  async function teams() {
    return (await rulesets.live()).teams;
  }

  async function teamsFor(member: Member) {
    return teamsOf(await teams(), member);
  }

  return {
    queue: (userId, state) => readMyQueue(db, userId, state, clock.now(), crmUrl),
    figures: (userId) => readMyFigures(db, userId, FIGURE_DAYS, clock.now()),
    overrides: (userId) => readMyOverrides(db, userId, OVERRIDE_DAYS, clock.now()),
    async team(member) {
      const own = await teamsFor(member);
      const now = clock.now();
      const ids = own.map(({ id }) => id);
      const [today, away] = await Promise.all([
        readTeamsToday(db, own, now),
        readAwayReps(db, ids, now),
      ]);
      return { teams: today, away };
    },
    people: async () => readPeople(db, await teams(), hasCrm),
    setup: async () => readSetup(options, await teams()),
    async teamLeads(member, teamId, page) {
      const team = (await teamsFor(member)).find(({ id }) => id === teamId);
      return team === undefined ? null : readTeamLeads(db, team, page, clock.now(), crmUrl);
    },
    async assignable(member, leadId) {
      return readAssignable(db, await teamsFor(member), leadId, clock.now(), crmUrl);
    },
    async leadsOf(member, userId) {
      const own = await teamsFor(member);
      const ids = own.map(({ id }) => id);
      return readLeadsOfAway(db, ids, userId, clock.now());
    },
  };
}
