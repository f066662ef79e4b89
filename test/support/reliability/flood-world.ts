import { createPerson, type Person } from '../../../demo/slack/person.ts';
import { SLACK_RATE_LIMITS } from '../../../demo/slack/rate-limits.ts';
import type { SlackWorkspace } from '../../../demo/slack/workspace.ts';
import { type Clock, systemClock } from '../../../src/platform/clock.ts';
import { createReleasers } from '../../../src/platform/releasers.ts';
import { createCheckedWorkspace } from '../checked-workspace.ts';
import { createTestDatabase, type TestDatabase } from '../postgres.ts';
import { signedWebhook } from '../signed-webhook.ts';
import { SIGNING_SECRET, testLogger } from '../world.ts';
import { environment } from './kill-world.ts';
import { createLeadLoad, type LeadLoad } from './lead-load.ts';
import { manyTeams, type Team, writeTeamRules } from './many-teams.ts';
import type { RandomChoices } from './random.ts';
import { startRole } from './start-role.ts';

export interface FloodWorld {
  slack: SlackWorkspace;
  database: TestDatabase;
  clock: Clock;
  teams: readonly Team[];
  person(index: number): Person;
  load: LeadLoad;
  /** In batches of at most `each`, so many at the same time. */
  send(count: number, how: { each: number; lanes: number }): Promise<void>;
  close(): Promise<void>;
}

/** The app, in a process of its own, with Slack's own limits and many channels. */
export async function createFloodWorld(
  teamCount: number,
  random: RandomChoices,
): Promise<FloodWorld> {
  const releasers = createReleasers(testLogger());
  const clock = systemClock;
  const teams = manyTeams(teamCount);
  const database = await createTestDatabase();
  releasers.push('database', database.drop);
  const channels = teams.map(({ channel }) => ({ name: channel }));
  const slack = await createCheckedWorkspace({ channels, clock, rateLimits: SLACK_RATE_LIMITS });
  releasers.push('slack', slack.close);
  const rules = await writeTeamRules(teams);
  releasers.push('rules', rules.remove);
  const env = { ...environment(slack, rules.folder, 0), DATABASE_URL: database.url };
  const app = await startRole(env, 'all');
  releasers.push('app', app.stop);
  const people = [slack.users.repOne, slack.users.repTwo, slack.users.manager].map(({ id }) =>
    createPerson(slack, id, app.url, SIGNING_SECRET, clock),
  );
  const load = createLeadLoad(random, teams);

  async function sendSome(count: number): Promise<void> {
    const leads = load.batch(count).map(({ body }) => body);
    const request = signedWebhook({ leads }, {}, clock.now());
    const answer = await fetch(`${app.url}/webhooks/leads/website`, request);
    if (answer.status !== 200) throw new Error(`the leads were refused with ${answer.status}`);
  }

  return {
    ...{ slack, database, clock, teams, load },
    person(index) {
      const person = people[index % people.length];
      if (person === undefined) throw new RangeError('nobody');
      return person;
    },
    async send(count, { each, lanes }) {
      let left = count;
      const lane = async (): Promise<void> => {
        while (left > 0) {
          const next = Math.min(each, left);
          left -= next;
          await sendSome(next);
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    },
    close: releasers.release,
  };
}
