import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { createPerson } from '../slack/person.ts';
import type { SampleUserKey, SlackWorkspace } from '../slack/workspace.ts';
import { buildPage } from './build-page.ts';
import { createCrmFeed } from './crm-feed.ts';
import { createPageServer } from './page-server.ts';
import { type Cast, createWorkspaceFeed } from './workspace-feed.ts';

export interface DemoPageOptions {
  workspace: SlackWorkspace;
  salesforce: Salesforce;
  /** Where the app listens; clicks go to `/slack/events` below it. */
  appUrl: string;
  signingSecret: string;
  /** 0 takes a free one. */
  port: number;
  /** One line of progress. */
  log: (line: string) => void;
}

export type DemoPage =
  | { ok: true; url: string; close(): Promise<void> }
  /** Expected trouble, as a sentence for the terminal: what is wrong and what to do. */
  | { ok: false; message: string };

const ROLES = [
  ['repOne', 'Rep'],
  ['repTwo', 'Rep'],
  ['manager', 'Manager'],
  ['admin', 'Admin'],
] as const satisfies readonly (readonly [SampleUserKey, string])[];

/** Builds the page when its sources changed and serves it on loopback until closed. */
export async function startDemoPage(options: DemoPageOptions): Promise<DemoPage> {
  const { workspace, salesforce, log, port } = options;
  const files = await buildPage(log);
  const [first, ...others] = await Promise.all(
    ROLES.map(([key, role]) => castMember(options, key, role)),
  );
  if (first === undefined) throw new Error('The sample workspace has no people.');
  const feed = createWorkspaceFeed(workspace, [first, ...others], createCrmFeed(salesforce));
  const server = createPageServer(feed, files);
  try {
    const url = await server.listen({ host: '127.0.0.1', port });
    return { ok: true, url, close: () => server.close() };
  } catch (error) {
    await server.close();
    const message = whyNotListening(error, port);
    if (message === null) throw error;
    return { ok: false, message };
  }
}

/** Null when the page could listen there now. */
export async function whyPortIsTaken(port: number): Promise<string | null> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return null;
  } catch (error) {
    const message = whyNotListening(error, port);
    if (message === null) throw error;
    return message;
  } finally {
    probe.close();
  }
}

async function castMember(
  { workspace, appUrl, signingSecret }: DemoPageOptions,
  key: SampleUserKey,
  role: string,
): Promise<Cast> {
  const { id } = workspace.users[key];
  return {
    person: createPerson(workspace, id, appUrl, signingSecret, workspace.clock),
    role,
    appChannel: await workspace.interactions.directMessage(id),
  };
}

function whyNotListening(error: unknown, port: number): string | null {
  const code = (error as { code?: unknown }).code;
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken, so the demo page cannot start. Stop what uses it, or choose another port.`;
  }
  if (code === 'EACCES') {
    return `This account may not listen on port ${port}. Choose one above 1024.`;
  }
  return null;
}
