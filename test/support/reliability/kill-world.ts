import { createSalesforce, type Salesforce } from '../../../demo/salesforce/salesforce.ts';
import type { SlackWorkspace } from '../../../demo/slack/workspace.ts';
import { createReleasers } from '../../../src/platform/releasers.ts';
import { createCheckedWorkspace } from '../checked-workspace.ts';
import { freePort } from '../free-port.ts';
import { createTestDatabase, type TestDatabase } from '../postgres.ts';
import { SIGNING_SECRET, testLogger, WEBHOOK_SECRET } from '../world.ts';
import { type AppRunner, createAppRunner } from './app-runner.ts';
import { manyTeams, type Team, writeTeamRules } from './many-teams.ts';
import { type PostgresProxy, startPostgresProxy } from './postgres-proxy.ts';
import { type RedisProxy, startRedisProxy } from './redis-proxy.ts';
import { createWebhookSender, type WebhookSender } from './webhook-sender.ts';

export interface KillWorld {
  slack: SlackWorkspace;
  salesforce: Salesforce;
  database: TestDatabase;
  postgres: PostgresProxy;
  redis: RedisProxy | null;
  app: AppRunner;
  sender: WebhookSender;
  teams: readonly Team[];
  close(): Promise<void>;
}

/** The app in a process of its own, with everything it talks to in reach of the test. */
export async function createKillWorld(options: {
  redisUrl: string | undefined;
  teams: number;
}): Promise<KillWorld> {
  const releasers = createReleasers(testLogger());
  const teams = manyTeams(options.teams);
  const channels = teams.map(({ channel }) => ({ name: channel }));
  const database = await createTestDatabase();
  releasers.push('database', database.drop);
  const slack = await createCheckedWorkspace({ rateLimits: 'off', channels });
  releasers.push('slack', slack.close);
  const salesforce = await createSalesforce();
  releasers.push('salesforce', salesforce.close);
  const postgres = await startPostgresProxy(database.url);
  releasers.push('postgres proxy', postgres.close);
  const redis = options.redisUrl === undefined ? null : await startRedisProxy(options.redisUrl);
  if (redis) releasers.push('redis proxy', redis.close);
  const rules = await writeTeamRules(teams);
  releasers.push('rules', rules.remove);
  const port = await freePort();
  const app = createAppRunner({
    ...environment(slack, rules.folder, port),
    ...crmEnvironment(salesforce),
    DATABASE_URL: postgres.url,
    REDIS_URL: redis?.url ?? '',
  });
  releasers.push('app', app.stop);
  await app.start();
  const sender = createWebhookSender(`http://127.0.0.1:${port}`);
  return {
    ...{ slack, salesforce, database, postgres, redis, app, sender, teams },
    close: releasers.release,
  };
}

/** `port` 0: a free one. */
export function environment(
  slack: SlackWorkspace,
  rulesDir: string,
  port: number,
): Record<string, string> {
  return {
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    RULES_DIR: rulesDir,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_TEAM_ID: slack.teamId,
    SLACK_API_URL: slack.apiUrl,
    WEBHOOK_SECRET_WEBSITE: WEBHOOK_SECRET,
    FIRSTCALL_ADMINS: slack.users.admin.email,
  };
}

export function crmEnvironment({ url, app }: Salesforce): Record<string, string> {
  return {
    SALESFORCE_LOGIN_URL: url,
    SALESFORCE_CLIENT_ID: app.clientId,
    SALESFORCE_CLIENT_SECRET: app.clientSecret,
  };
}
