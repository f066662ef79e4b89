import { randomBytes } from 'node:crypto';
import { vi } from 'vitest';
import { createPerson, type Person } from '../../demo/slack/person.ts';
import type { SampleUserKey, SlackWorkspace } from '../../demo/slack/workspace.ts';
import { type App, type AppOptions, startApp } from '../../src/app.ts';
import { type Clock, systemClock } from '../../src/platform/clock.ts';
import { type Config, readConfig } from '../../src/platform/config.ts';
import { createLogger, type Logger } from '../../src/platform/logger.ts';
import { createCheckedWorkspace } from './checked-workspace.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';
import { type SendOptions, signedWebhook, WEBHOOK_SECRET } from './signed-webhook.ts';

export { type SendOptions, signedWebhook, WEBHOOK_SECRET };

export const SIGNING_SECRET = 'sample-signing-secret';
export const ORGANIZATION_ID = '00D000000000001EAA';

export interface World {
  slack: SlackWorkspace;
  database: TestDatabase;
  app: App;
  url: string;
  person(key: SampleUserKey): Person;
  sendLead(lead: object, options?: SendOptions): Promise<Response>;
  sendSignal(signal: object, options?: SendOptions): Promise<Response>;
  /** Waits until every received event is processed and every lead scored. */
  scored(timeoutMs?: number): Promise<void>;
  /** Waits until nothing is in flight: no received event, no due score, no due effect. */
  settled(timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  redisUrl?: string;
  salesforce?: Record<string, string>;
  clock?: Clock;
  env?: Record<string, string>;
  rateLimits?: 'off';
  app?: Partial<AppOptions>;
}

/** The whole product on real parts: Postgres, the queue, the Slack workspace double, the app over HTTP. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? systemClock;
  const database = await createTestDatabase();
  const slack = await createCheckedWorkspace({
    rateLimits: options.rateLimits ?? 'off',
    clock,
  });
  const config = testConfig(database.url, slack, options);
  const app = await startApp({ config, role: 'all', log: testLogger(), clock, ...options.app });
  const { url } = app;

  async function send(
    kind: 'leads' | 'signals',
    body: object,
    given: SendOptions,
  ): Promise<Response> {
    const source = given.source ?? (kind === 'leads' ? 'website' : 'product');
    return fetch(`${url}/webhooks/${kind}/${source}`, signedWebhook(body, given, clock.now()));
  }

  return {
    slack,
    database,
    app,
    url,
    person: (key) => createPerson(slack, slack.users[key].id, url, SIGNING_SECRET, clock),
    sendLead: (lead, given = {}) => send('leads', lead, given),
    sendSignal: (signal, given = {}) => send('signals', signal, given),
    scored: (timeoutMs = 15_000) => nothingLeft(database, ['events', 'leads'], timeoutMs),
    settled: (timeoutMs = 15_000) =>
      nothingLeft(database, ['events', 'leads', 'effects'], timeoutMs),
    async close() {
      await app.stop();
      await slack.close();
      await database.drop();
    },
  };
}

export function testConfig(
  databaseUrl: string,
  slack: SlackWorkspace,
  options: WorldOptions,
): Config {
  const read = readConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_TEAM_ID: slack.teamId,
    SLACK_API_URL: slack.apiUrl,
    WEBHOOK_SECRET_WEBSITE: WEBHOOK_SECRET,
    WEBHOOK_SECRET_PRODUCT: WEBHOOK_SECRET,
    SALESFORCE_ORGANIZATION_ID: ORGANIZATION_ID,
    FIRSTCALL_ADMINS: slack.users.admin.email,
    ...(options.redisUrl === undefined ? {} : { REDIS_URL: options.redisUrl }),
    ...options.salesforce,
    ...options.env,
  });
  if (!read.ok) throw new Error(read.problems.join('; '));
  return read.config;
}

export function testLogger(): Logger {
  return createLogger({ level: process.env.TEST_LOG_LEVEL ?? 'silent', format: 'json' });
}

type Work = 'events' | 'leads' | 'effects';

export async function nothingLeft(
  { db }: TestDatabase,
  kinds: readonly Work[],
  timeoutMs: number,
): Promise<void> {
  const open: Record<Work, () => Promise<object[]>> = {
    events: () =>
      db.selectFrom('inbound_events').select('id').where('state', '=', 'received').execute(),
    leads: () =>
      db.selectFrom('leads').select('id').where('score_due_at', 'is not', null).execute(),
    effects: () =>
      db
        .selectFrom('outbox')
        .select('key')
        .where('state', 'in', ['due', 'sending', 'unknown'])
        .execute(),
  };
  await vi.waitFor(
    async () => {
      // In the order in which work moves on: asked at once, it could pass from one to the next unseen.
      const left: object[] = [];
      for (const kind of kinds) left.push(...(await open[kind]()));
      if (left.length > 0) throw new Error(`still in flight: ${JSON.stringify(left.slice(0, 5))}`);
    },
    { timeout: timeoutMs, interval: 50 },
  );
}

/** A plainly sample lead; every call is another person. */
export function sampleLead(over: Record<string, unknown> = {}): Record<string, unknown> {
  const id = randomBytes(4).toString('hex');
  return {
    id: `web-${id}`,
    first_name: 'Dana',
    last_name: `Sample ${id}`,
    email: `dana.${id}@freight-${id}.example`,
    title: 'VP Sales Operations',
    company: `Sample Freight ${id}`,
    employees: 450,
    country: 'Germany',
    industry: 'Logistics',
    phone: '+49 30 901820',
    message: 'We would like a demo and pricing for 40 people this quarter.',
    ...over,
  };
}
