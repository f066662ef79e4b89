import { join } from 'node:path';
import { createSalesforce, type Salesforce } from '../../../demo/salesforce/salesforce.ts';
import { createPerson, type Person } from '../../../demo/slack/person.ts';
import type { SampleUserKey, SlackWorkspace } from '../../../demo/slack/workspace.ts';
import type { Role } from '../../../src/app.ts';
import { createReleasers } from '../../../src/platform/releasers.ts';
import { createCheckedWorkspace } from '../checked-workspace.ts';
import { createTestDatabase, type TestDatabase } from '../postgres.ts';
import { signedWebhook } from '../signed-webhook.ts';
import { SIGNING_SECRET, testLogger } from '../world.ts';
import { crmEnvironment, environment } from './kill-world.ts';
import { startRole } from './start-role.ts';

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
  const slack = await createCheckedWorkspace({ rateLimits: 'off' });
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
    const app = await startRole(env, role);
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
