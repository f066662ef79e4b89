import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.ts';
import { stopOrphan } from '../../src/platform/postgres/embedded-orphan.ts';
import { claimFolder } from '../../src/platform/postgres/embedded-owner.ts';
import { migrate } from '../../src/platform/postgres/migrate.ts';

const log = pino({ level: 'warn' });
const ROOT = join(tmpdir(), `firstcall-tests-${process.getuid?.() ?? 0}`);
/** A folder younger than this may belong to a run that is just starting. */
const SETTLED_MS = 60_000;

/** What a test file needs to clone databases. */
export interface TestCluster {
  /** Connects to a database that nobody uses, as a user who may create others. */
  adminUrl: string;
  /** A migrated, empty database. */
  template: string;
}

interface StartedCluster extends TestCluster {
  stop(): Promise<void>;
}

/**
 * One cluster per run, started when the first test file asks for it: runs that touch no database pay nothing.
 * Test files run in other processes, so they ask over a loopback port.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let cluster: Promise<StartedCluster> | undefined;
  const broker = createServer((_request, response) => {
    cluster ??= startCluster();
    void answer(response, cluster);
  });
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  project.provide('postgresBroker', brokerUrl(broker));
  return async () => {
    broker.closeAllConnections();
    broker.close();
    await (await cluster?.catch(() => undefined))?.stop();
  };
}

function brokerUrl(broker: Server): string {
  const address = broker.address();
  if (address === null || typeof address === 'string') throw new Error('the broker has no port');
  return `http://127.0.0.1:${address.port}`;
}

async function answer(response: ServerResponse, cluster: Promise<TestCluster>): Promise<void> {
  try {
    const { adminUrl, template } = await cluster;
    response.end(JSON.stringify({ adminUrl, template } satisfies TestCluster));
  } catch (error) {
    response.statusCode = 500;
    response.end(error instanceof Error ? error.message : String(error));
  }
}

async function startCluster(): Promise<StartedCluster> {
  const own = process.env.FIRSTCALL_TEST_DATABASE_URL;
  return own ? prepareCluster(own, async () => undefined) : startEmbeddedCluster();
}

async function startEmbeddedCluster(): Promise<StartedCluster> {
  await mkdir(ROOT, { recursive: true });
  await chmod(ROOT, 0o755);
  await removeAbandoned();
  const dataDir = join(ROOT, randomUUID());
  const server = await startEmbeddedPostgres({ dataDir, log, durable: false });
  return prepareCluster(server.url, async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
}

async function prepareCluster(
  adminUrl: string,
  stop: () => Promise<void>,
): Promise<StartedCluster> {
  const template = `firstcall_template_${randomUUID().replaceAll('-', '')}`;
  await administer(adminUrl, `create database ${template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${template}`;
  await migrate(url.href, { log });
  return {
    adminUrl,
    template,
    stop: async () => {
      await administer(adminUrl, `drop database ${template} with (force)`);
      await stop();
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A run that was killed leaves its server and data behind; the next one clears them away. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(ROOT)) {
    const folder = join(ROOT, name);
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs < SETTLED_MS) continue;
    const release = await claimFolder(folder).catch(() => undefined);
    if (!release) continue;
    await stopOrphan(join(folder, 'data'), log).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    postgresBroker: string;
  }
}
