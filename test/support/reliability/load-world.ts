import { createSalesforce, type Salesforce } from '../../../demo/salesforce/salesforce.ts';
import type { SlackWorkspace } from '../../../demo/slack/workspace.ts';
import { type App, startApp } from '../../../src/app.ts';
import { createReleasers } from '../../../src/platform/releasers.ts';
import { createCheckedWorkspace } from '../checked-workspace.ts';
import { createTestDatabase, type TestDatabase } from '../postgres.ts';
import { testConfig, testLogger } from '../world.ts';
import { manyTeams, type Team, writeTeamRules } from './many-teams.ts';
import { createWebhookSender, type WebhookSender } from './webhook-sender.ts';

export interface LoadWorld {
  app: App;
  slack: SlackWorkspace;
  salesforce: Salesforce;
  database: TestDatabase;
  sender: WebhookSender;
  teams: readonly Team[];
  close(): Promise<void>;
}

export interface LoadWorldOptions {
  redisUrl?: string | undefined;
  teams: number;
  /** Instead of a clone of the test database; it is dropped with the world. */
  database?: TestDatabase;
  rateLimits?: 'off';
}

/** The app in this process, with many teams and the doubles: for load while something else goes down. */
export async function createLoadWorld(options: LoadWorldOptions): Promise<LoadWorld> {
  const releasers = createReleasers(testLogger());
  const teams = manyTeams(options.teams);
  const database = options.database ?? (await createTestDatabase());
  releasers.push('database', database.drop);
  const channels = teams.map(({ channel }) => ({ name: channel }));
  const limits = options.rateLimits === undefined ? {} : { rateLimits: options.rateLimits };
  const slack = await createCheckedWorkspace({ ...limits, channels });
  releasers.push('slack', slack.close);
  const salesforce = await createSalesforce();
  releasers.push('salesforce', salesforce.close);
  const rules = await writeTeamRules(teams);
  releasers.push('rules', rules.remove);
  const config = testConfig(database.url, slack, {
    ...(options.redisUrl === undefined ? {} : { redisUrl: options.redisUrl }),
    env: {
      RULES_DIR: rules.folder,
      SALESFORCE_LOGIN_URL: salesforce.url,
      SALESFORCE_CLIENT_ID: salesforce.app.clientId,
      SALESFORCE_CLIENT_SECRET: salesforce.app.clientSecret,
    },
  });
  const app = await startApp({ config, role: 'all', log: testLogger(), alone: true });
  releasers.push('app', app.stop);
  const sender = createWebhookSender(app.url ?? '');
  return { app, slack, salesforce, database, sender, teams, close: releasers.release };
}
