import { join } from 'node:path';
import { createPerson, type Person } from '../../../demo/slack/person.ts';
import type { SlackWorkspace } from '../../../demo/slack/workspace.ts';
import { createReleasers } from '../../../src/platform/releasers.ts';
import { createCheckedWorkspace } from '../checked-workspace.ts';
import { createTestDatabase, type TestDatabase } from '../postgres.ts';
import { signedWebhook } from '../signed-webhook.ts';
import { nothingLeft, SIGNING_SECRET, sampleLead, testLogger } from '../world.ts';
import { environment } from './kill-world.ts';
import { startOutageProxy } from './outage-proxy.ts';
import { startOwnPostgres } from './own-postgres.ts';
import { type PostedLead, postLeads } from './posted-leads.ts';
import { type PostgresProxy, startPostgresProxy } from './postgres-proxy.ts';
import { startRole } from './start-role.ts';

/** How Postgres goes away: behind a proxy, or its own processes stopped. */
export type OutageKind = 'refuses connections' | 'hangs' | 'is frozen';

export interface OutageWorld {
  slack: SlackWorkspace;
  /** Past whatever stands between the app and it. */
  database: TestDatabase;
  /** Leads with their buttons, which nobody has clicked yet. */
  leads: PostedLead[];
  people: readonly Person[];
  admin: Person;
  /** To whom leads are routed: their App Home has some. */
  rep: Person;
  /** Stops single statements. */
  postgres: PostgresProxy;
  stop(kind: OutageKind): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

export interface OutageWorldOptions {
  /** A server of its own: only that can be frozen. */
  ownServer: boolean;
  leads: number;
  people: number;
}

export async function createOutageWorld(size: OutageWorldOptions): Promise<OutageWorld> {
  const releasers = createReleasers(testLogger());
  const away = await reachable(size.ownServer, releasers.push);
  const users = Array.from({ length: size.people }, (_, index) => ({
    name: `sample-clicker-${index}`,
    realName: `Sample Clicker ${index}`,
    email: `clicker.${index}@example.com`,
  }));
  const slack = await createCheckedWorkspace({ rateLimits: 'off', users });
  releasers.push('slack', slack.close);
  const rules = join(import.meta.dirname, '../../../scoring-rules');
  const app = await startRole({ ...environment(slack, rules, 0), DATABASE_URL: away.url }, 'all');
  releasers.push('app', app.stop);
  await sendLeads(app.url, size.leads);
  await nothingLeft(away.database, ['events', 'leads'], 60_000);
  const personOf = (id: string) => createPerson(slack, id, app.url, SIGNING_SECRET);
  const named = new Set(users.map(({ email }) => email));
  return {
    slack,
    database: away.database,
    leads: await postLeads(slack, away.database),
    people: slack.allUsers.filter(({ email }) => named.has(email)).map(({ id }) => personOf(id)),
    admin: personOf(slack.users.admin.id),
    rep: personOf(slack.users.repOne.id),
    ...{ postgres: away.postgres, stop: away.stop, resume: away.resume },
    close: releasers.release,
  };
}

interface Away extends Pick<OutageWorld, 'database' | 'postgres' | 'stop' | 'resume'> {
  url: string;
}

async function reachable(
  ownServer: boolean,
  push: (name: string, release: () => Promise<unknown>) => void,
): Promise<Away> {
  const own = ownServer ? await startOwnPostgres() : null;
  const database = own ?? (await createTestDatabase());
  push('database', database.drop);
  const postgres = await startPostgresProxy(database.url);
  push('trap proxy', postgres.close);
  const proxy = await startOutageProxy(postgres.url);
  push('outage proxy', proxy.close);
  return {
    ...{ url: proxy.url, database, postgres },
    async stop(kind) {
      if (kind === 'refuses connections') await proxy.refuse();
      else if (kind === 'hangs') await proxy.hang();
      else await own?.freeze();
    },
    async resume() {
      own?.thaw();
      await proxy.resume();
    },
  };
}

/** Below tier A: nothing is announced one by one. */
const COOL = { title: 'Accountant', employees: 40, message: 'Please tell me more.' };

async function sendLeads(url: string, count: number): Promise<void> {
  const leads = Array.from({ length: count }, () => sampleLead(COOL));
  const answer = await fetch(
    `${url}/webhooks/leads/website`,
    signedWebhook({ leads }, {}, new Date()),
  );
  if (answer.status !== 200) throw new Error(`the leads were refused with ${answer.status}`);
}
