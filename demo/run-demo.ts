import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { type App, startApp } from '../src/app.ts';
import { type Clock, systemClock } from '../src/platform/clock.ts';
import { readConfig } from '../src/platform/config.ts';
import { createLogger } from '../src/platform/logger.ts';
import { openDatabase } from '../src/platform/postgres/database.ts';
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded.ts';
import { migrate } from '../src/platform/postgres/migrate.ts';
import { createReleasers } from '../src/platform/releasers.ts';
import { readRulesFolder } from '../src/records/rules-folder.ts';
import { seedRulesets } from '../src/records/rulesets.ts';
import { createSalesforce, type Salesforce } from './salesforce/salesforce.ts';
import { loadHistory } from './sample/load-history.ts';
import { playSamples } from './sample/play-samples.ts';
import { startDemoPage, whyPortIsTaken } from './server/start-demo-page.ts';
import { createSlackWorkspace, type SlackWorkspace } from './slack/workspace.ts';

export interface DemoOptions {
  /** Port of the page. */
  port: number;
  /** 1 plays the sample leads over about two and a half minutes, 0 all at once. */
  pace: number;
  dataDir: string;
  /** Of everything in the demo. Default: the time. */
  clock?: Clock;
  /** One line of progress. */
  say(line: string): void;
}

export interface Demo {
  url: string;
  app: App;
  workspace: SlackWorkspace;
  salesforce: Salesforce;
  /** Resolves when the sample leads that come at once have been sent. */
  stop(): Promise<void>;
}

export type DemoResult = { ok: true; demo: Demo } | { ok: false; message: string };

const HISTORY_SEED = 20_260_601;

/** Everything on this machine: Postgres, a small Slack, a small Salesforce, the app, the page, sample leads. */
export async function startDemo(options: DemoOptions): Promise<DemoResult> {
  const { say, clock = systemClock } = options;
  const log = createLogger({ level: 'silent', format: 'json' });
  const releasers = createReleasers(log);
  try {
    // Known before anything is made: the page itself listens last.
    const taken = await whyPortIsTaken(options.port);
    if (taken !== null) return { ok: false, message: taken };
    const postgresDir = join(options.dataDir, 'postgres');
    say('Starting Postgres');
    const postgres = await startEmbeddedPostgres({ dataDir: postgresDir, log });
    releasers.push('Postgres', () => postgres.stop());

    say('Starting a sample Slack workspace and a sample Salesforce');
    const workspace = await createSlackWorkspace({ clock });
    releasers.push('Slack workspace', () => workspace.close());
    const salesforce = await createSalesforce({ clock });
    releasers.push('Salesforce', () => salesforce.close());

    say('Loading thirty days of sample history');
    await prepareDatabase(postgres.url, workspace, clock.now());

    const signingSecret = randomBytes(16).toString('hex');
    const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
    const config = demoConfig({
      url: postgres.url,
      workspace,
      salesforce,
      signingSecret,
      webhookSecret,
    });
    say('Starting First Call');
    const app = await startApp({ config, role: 'all', log, clock });
    releasers.push('First Call', () => app.stop());
    const appUrl = app.url;

    const page = await startDemoPage({
      workspace,
      salesforce,
      appUrl,
      signingSecret,
      port: options.port,
      log: say,
    });
    if (!page.ok) {
      await releasers.release();
      return page;
    }
    releasers.push('page', () => page.close());

    const playing = new AbortController();
    const played = playSamples({
      appUrl,
      salesforce,
      webhookSecret,
      clock,
      pace: options.pace,
      signal: playing.signal,
    }).then((result) => {
      for (const refusal of result.refused) say(`Refused: ${refusal}`);
    });
    releasers.push('sample leads', async () => {
      playing.abort();
      await played;
    });
    return {
      ok: true,
      demo: { url: page.url, app, workspace, salesforce, stop: () => releasers.release() },
    };
  } catch (error) {
    await releasers.release();
    throw error;
  }
}

async function prepareDatabase(url: string, workspace: SlackWorkspace, now: Date): Promise<void> {
  const log = createLogger({ level: 'silent', format: 'json' });
  await emptyDatabase(url);
  await migrate(url, { log });
  const db = openDatabase(url, { applicationName: 'firstcall-demo', maxConnections: 4, log });
  try {
    await seedRulesets(db, await readRulesFolder('scoring-rules'), now);
    await loadHistory({ db, workspace, seed: HISTORY_SEED, now });
  } finally {
    await db.destroy();
  }
}

/**
 * The workspace double lives in memory, so the demo begins anew each time. Only now: the folder is claimed,
 * so no other demo is using it.
 */
async function emptyDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('drop schema if exists bullmq cascade');
    await client.query('drop schema public cascade');
    await client.query('create schema public');
  } finally {
    await client.end();
  }
}

interface Connections {
  url: string;
  workspace: SlackWorkspace;
  salesforce: Salesforce;
  signingSecret: string;
  webhookSecret: string;
}

function demoConfig({ url, workspace, salesforce, signingSecret, webhookSecret }: Connections) {
  const read = readConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    DATABASE_URL: url,
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_TEAM_ID: workspace.teamId,
    SLACK_API_URL: workspace.apiUrl,
    WEBHOOK_SECRET_WEBSITE: webhookSecret,
    WEBHOOK_SECRET_PRODUCT: webhookSecret,
    SALESFORCE_ORGANIZATION_ID: salesforce.organizationId,
    SALESFORCE_LOGIN_URL: salesforce.url,
    SALESFORCE_CLIENT_ID: salesforce.app.clientId,
    SALESFORCE_CLIENT_SECRET: salesforce.app.clientSecret,
    FIRSTCALL_ADMINS: workspace.users.admin.email,
  });
  if (!read.ok)
    throw new Error(`The demo's own configuration is wrong: ${read.problems.join('; ')}`);
  return read.config;
}
