import { join } from 'node:path';
import { createSalesforce, type Salesforce } from '../../../demo/salesforce/salesforce.ts';
import { createPerson, type Person } from '../../../demo/slack/person.ts';
import {
  createSlackWorkspace,
  type SampleUserKey,
  type SlackWorkspace,
} from '../../../demo/slack/workspace.ts';
import { type Role, startApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/platform/config.ts';
import { createReleasers } from '../../../src/platform/releasers.ts';
import { isLongRun } from '../effort.ts';
import { createTestDatabase, type TestDatabase } from '../postgres.ts';
import { signedWebhook } from '../signed-webhook.ts';
import { SIGNING_SECRET, testLogger } from '../world.ts';
import { createAppRunner } from './app-runner.ts';
import { crmEnvironment, environment } from './kill-world.ts';

/** Two processes on one Postgres, either of which Slack may send a click to; the first one also does the work. */
export interface WebPair {
  slack: SlackWorkspace;
  salesforce: Salesforce;
  database: TestDatabase;
  /** A person whose clicks go to the first or the second process. */
  person(key: SampleUserKey, process: 0 | 1): Person;
  sendLeads(leads: readonly object[]): Promise<void>;
  close(): Promise<void>;
}

const RULES = join(import.meta.dirname, '../../../scoring-rules');

/** In the long run they are processes of their own. */
export async function createWebPair(): Promise<WebPair> {
  const releasers = createReleasers(testLogger());
  const database = await createTestDatabase();
  releasers.push('database', database.drop);
  const slack = await createSlackWorkspace({ rateLimits: 'off' });
  releasers.push('slack', slack.close);
  const salesforce = await createSalesforce();
  releasers.push('salesforce', salesforce.close);
  const env = {
    ...environment(slack, RULES, 0),
    ...crmEnvironment(salesforce),
    DATABASE_URL: database.url,
  };
  const urls: string[] = [];
  for (const role of ['all', 'web'] satisfies Role[]) {
    const app = isLongRun ? await startProcess(env, role) : await startHere(env, role);
    releasers.push(role, app.stop);
    urls.push(app.url);
  }
  return {
    ...{ slack, salesforce, database },
    person: (key, process) =>
      createPerson(slack, slack.users[key].id, urls[process] ?? '', SIGNING_SECRET),
    async sendLeads(leads) {
      const request = signedWebhook({ leads }, {}, new Date());
      const answer = await fetch(`${urls[0]}/webhooks/leads/website`, request);
      if (answer.status !== 200) throw new Error(`the leads were refused with ${answer.status}`);
    },
    close: releasers.release,
  };
}

interface Running {
  url: string;
  stop(): Promise<void>;
}

async function startProcess(env: Record<string, string>, role: Role): Promise<Running> {
  const runner = createAppRunner({ ...env, REDIS_URL: '' }, { standby: false, role });
  return { url: await runner.start(), stop: runner.stop };
}

async function startHere(env: Record<string, string>, role: Role): Promise<Running> {
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.problems.join('; '));
  return startApp({ config: read.config, role, log: testLogger() });
}
