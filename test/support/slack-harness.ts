import Fastify, { type FastifyInstance } from 'fastify';
import { createPerson, type Person } from '../../demo/slack/person.ts';
import type { SampleUserKey, SlackWorkspace } from '../../demo/slack/workspace.ts';
import { buildBoard } from '../../src/delivery/cards/board.ts';
import { createSlackApp, type SlackApp } from '../../src/delivery/slack-app/create-slack-app.ts';
import { mountSlack } from '../../src/delivery/slack-app/mount-slack.ts';
import type { LeadRow } from '../../src/delivery/views.ts';
import { createCheckedWorkspace } from './checked-workspace.ts';
import { sampleBoard } from './fake-lead-views.ts';
import { createFakeSlackDeps } from './fake-slack-deps.ts';

export const SIGNING_SECRET = 'sample-signing-secret';

/** Our listeners on a real server, against the Slack double, with ports in memory. */
export interface SlackHarness {
  workspace: SlackWorkspace;
  http: FastifyInstance;
  slack: SlackApp;
  url: string;
  fake: ReturnType<typeof createFakeSlackDeps>;
  person(key: SampleUserKey): Person;
  /** Posts the board of these leads in #leads-growth and returns where it stands. */
  postBoard(): Promise<{ channel: string; ts: string }>;
  close(): Promise<void>;
}

export async function startSlackHarness(leads: readonly LeadRow[]): Promise<SlackHarness> {
  const workspace = await createCheckedWorkspace({ rateLimits: 'off' });
  const fake = createFakeSlackDeps(leads);
  fake.roles.set(workspace.users.manager.id, 'manager');
  fake.roles.set(workspace.users.admin.id, 'admin');
  const slack = createSlackApp({
    config: {
      botToken: workspace.botToken,
      signingSecret: SIGNING_SECRET,
      teamId: workspace.teamId,
      slackApiUrl: workspace.apiUrl,
    },
    deps: fake.deps,
    log: fake.deps.log,
  });
  const http = Fastify();
  if (slack.requestListener === null) throw new Error('no HTTP in Socket Mode');
  await mountSlack(http, slack.requestListener, fake.deps.clock);
  const url = await http.listen({ host: '127.0.0.1', port: 0 });
  return {
    ...{ workspace, http, slack, url, fake },
    person: (key) => createPerson(workspace, workspace.users[key].id, url, SIGNING_SECRET),
    async postBoard() {
      const channel = workspace.channelId('leads-growth');
      const view = sampleBoard({ leads: [...leads], openCount: leads.length });
      const response = await fetch(`${workspace.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${workspace.botToken}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ channel, ...buildBoard(view) }),
      });
      const { ts } = (await response.json()) as { ts: string };
      return { channel, ts };
    },
    async close() {
      await slack.stop(2_000);
      await http.close();
      await workspace.close();
    },
  };
}
