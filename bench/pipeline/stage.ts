import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { pino } from 'pino';
import { createSlackWorkspace, type SlackWorkspace } from '../../demo/slack/workspace.ts';
import { openDatabase } from '../../src/platform/postgres/database.ts';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.ts';
import type { Database } from '../../src/platform/postgres/tables.ts';
import { createReleasers } from '../../src/platform/releasers.ts';
import { freePort } from '../../test/support/free-port.ts';
import { startTestRedis } from '../../test/support/redis.ts';
import { createAppRunner } from '../../test/support/reliability/app-runner.ts';
import { manyTeams, type Team, writeTeamRules } from '../../test/support/reliability/many-teams.ts';
import { WEBHOOK_SECRET } from '../../test/support/signed-webhook.ts';

export const SIGNING_SECRET = 'sample-signing-secret';
export type Backend = 'embedded' | 'redis';

/** The product in a process of its own, on a durable Postgres, with Slack's limits on. */
export interface Stage {
  backend: Backend;
  url: string;
  db: Kysely<Database>;
  slack: SlackWorkspace;
  teams: readonly Team[];
  postgresVersion: string;
  close(): Promise<void>;
}

const log = pino({ level: 'silent' });

export async function openStage(backend: Backend, teamCount: number): Promise<Stage> {
  const releasers = createReleasers(log);
  const teams = manyTeams(teamCount);
  const databaseUrl = await startDurablePostgres(releasers.push);
  const db = openDatabase(databaseUrl, { applicationName: 'bench', maxConnections: 2, log });
  releasers.push('bench connection', () => db.destroy());
  const channels = teams.map(({ channel }) => ({ name: channel }));
  const slack = await createSlackWorkspace({ channels });
  releasers.push('slack', slack.close);
  const rules = await writeTeamRules(teams);
  releasers.push('rules', rules.remove);
  const redis = backend === 'redis' ? await startTestRedis() : null;
  if (backend === 'redis' && redis === null) throw new Error('redis-server is not installed');
  if (redis) releasers.push('redis', redis.stop);
  const port = await freePort();
  const app = createAppRunner(
    {
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'error',
      DATABASE_URL: databaseUrl,
      REDIS_URL: redis?.url ?? '',
      RULES_DIR: rules.folder,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_TEAM_ID: slack.teamId,
      SLACK_API_URL: slack.apiUrl,
      WEBHOOK_SECRET_WEBSITE: WEBHOOK_SECRET,
      FIRSTCALL_ADMINS: slack.users.admin.email,
    },
    { standby: false },
  );
  await app.start();
  releasers.push('app', app.stop);
  return {
    ...{ backend, db, slack, teams },
    url: `http://127.0.0.1:${port}`,
    postgresVersion: await versionOf(db),
    close: releasers.release,
  };
}

/** As a person's machine runs it: fsync and synchronous_commit on. Commit times are kept, to measure by. */
async function startDurablePostgres(
  push: (name: string, release: () => Promise<unknown>) => void,
): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'firstcall-bench-'));
  push('data', () => rm(dataDir, { recursive: true, force: true }));
  const first = await startEmbeddedPostgres({ dataDir, log });
  const setup = openDatabase(first.url, { applicationName: 'bench', maxConnections: 1, log });
  await sql`alter system set track_commit_timestamp = on`.execute(setup);
  await setup.destroy();
  await first.stop();
  const server = await startEmbeddedPostgres({ dataDir, log });
  push('postgres', server.stop);
  return server.url;
}

async function versionOf(db: Kysely<Database>): Promise<string> {
  const { rows } = await sql<{ version: string; fsync: string; sync: string }>`
    select current_setting('server_version') as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as sync
  `.execute(db);
  const row = rows[0];
  return `Postgres ${row?.version}, fsync ${row?.fsync}, synchronous_commit ${row?.sync}`;
}
