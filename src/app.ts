import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { createHeldEvents } from './decisions/held-events.ts';
import { createPostgresLedger } from './decisions/postgres-ledger.ts';
import { createBoards } from './delivery/boards.ts';
import { createChannelChecks } from './delivery/channel-checks.ts';
import { createChannelDirectory } from './delivery/channel-directory.ts';
import { createRenderers } from './delivery/create-renderers.ts';
import type { DecisionCodes } from './delivery/decision-codes.ts';
import type { SlackDeps } from './delivery/listeners/deps.ts';
import { withNamedChannels } from './delivery/named-channels.ts';
import { readHealth } from './delivery/queries/health-query.ts';
import { createHomeQueries } from './delivery/queries/home/home-queries.ts';
import { createLeadQueries } from './delivery/queries/lead-queries.ts';
import { createSlackLane } from './delivery/send/create-slack-lane.ts';
import { createSlackLeadBoard } from './delivery/send/create-slack-lead-board.ts';
import { createSlackClient } from './delivery/send/slack-client.ts';
import { createSlackApp } from './delivery/slack-app/create-slack-app.ts';
import { mountSlack } from './delivery/slack-app/mount-slack.ts';
import { createSwitches } from './delivery/switches.ts';
import { createWorkspaceDirectory } from './delivery/workspace-directory.ts';
import { groupDeliveries } from './intake/grouped-inbox.ts';
import { loadMailDomains } from './intake/load-mail-domains.ts';
import { createPostgresInbox } from './intake/postgres-inbox.ts';
import { refuseAddress, registerIntakeRoutes } from './intake/routes.ts';
import { createQueueBackend } from './jobs/backend.ts';
import { startDirectorySync } from './jobs/directory-sync.ts';
import { createLeadJobHandlers } from './jobs/lead-jobs.ts';
import { createProducer } from './jobs/producer.ts';
import { startSweep } from './jobs/sweep.ts';
import { startLeadWorker } from './jobs/worker.ts';
import { shortId } from './lead/short-id.ts';
import { createPipeline } from './pipeline.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import type { Config, SlackConfig } from './platform/config.ts';
import { createDispatcher } from './platform/dispatcher.ts';
import type { EffectLane } from './platform/effect-outcome.ts';
import { registerHealthRoutes } from './platform/health.ts';
import { listenHttp } from './platform/listen-http.ts';
import type { Logger } from './platform/logger.ts';
import { createMetrics } from './platform/metrics.ts';
import { openDatabase } from './platform/postgres/database.ts';
import { startEmbeddedPostgres } from './platform/postgres/embedded.ts';
import { listen } from './platform/postgres/listen.ts';
import { migrate } from './platform/postgres/migrate.ts';
import { createReleasers, type Releasers } from './platform/releasers.ts';
import { createHomeStates } from './records/home-states.ts';
import { createMembers } from './records/members.ts';
import { createPreferences } from './records/preferences.ts';
import { createRepLoads } from './records/rep-loads.ts';
import { createRuleAdmin } from './records/rule-admin.ts';
import { readRulesFolder } from './records/rules-folder.ts';
import { createRulesets, seedRulesets } from './records/rulesets.ts';
import { identityPepper } from './records/settings.ts';
import { createTestLeads } from './records/test-leads.ts';
import { presentCrmText } from './scoring/present-crm-text.ts';
import { closeGoneLead } from './write-back/close-gone-lead.ts';
import { createCrmLane } from './write-back/create-crm-lane.ts';
import { createSalesforceCrm } from './write-back/create-salesforce-crm.ts';
import type { Crm } from './write-back/crm.ts';
import { matchCrmUsers } from './write-back/match-crm-users.ts';

export type Role = 'web' | 'worker' | 'all';

export interface AppOptions {
  config: Config;
  role: Role;
  log: Logger;
  clock?: Clock;
  /** Lead jobs at the same time in one worker process. */
  concurrency?: number;
  /** No other process works on this database. Known of our own; tests say so of theirs. */
  alone?: boolean;
}

export interface App {
  /** Where it listens: a worker for health and metrics only. */
  url: string;
  /** What the parts share: the demo and the journeys look inside. */
  parts: Parts;
  /** Stops taking work, finishes what is running, closes everything in reverse order. */
  stop(): Promise<void>;
}

type Parts = Awaited<ReturnType<typeof buildParts>>;
type SlackParts = ReturnType<typeof buildSlackParts>;

/** Two batches (jobs/lead-jobs.ts): jobs wait for others to go with, so more than cores are under way. */
const CONCURRENCY = 100;
const DRAIN_MS = 15_000;

/** Builds First Call from its configuration. The only place where adapters are made. */
export async function startApp(options: AppOptions): Promise<App> {
  const releasers = createReleasers(options.log);
  try {
    const parts = await buildParts(options, releasers);
    const slack = parts.config.slack && buildSlackParts(parts, parts.config.slack);
    if (slack === undefined) parts.log.warn('Slack is not configured: leads are scored, not shown');
    if (parts.config.sources.length === 0) {
      parts.log.warn('no lead source is configured: see "Configuration" in the README');
    }
    if (options.role !== 'web') startWorker(parts, slack, options, releasers);
    const url = await startHttp(parts, slack, options.role, releasers);
    return { url, parts, stop: () => releasers.release() };
  } catch (error) {
    await releasers.release();
    throw error;
  }
}

async function buildParts(options: AppOptions, releasers: Releasers) {
  const { config, log } = options;
  const clock = options.clock ?? systemClock;
  const databaseUrl = config.databaseUrl ?? (await startOwnPostgres(config, log, releasers));
  await migrate(databaseUrl, { log });
  const db = openDatabase(databaseUrl, { applicationName: 'firstcall', maxConnections: 20, log });
  releasers.push('database', () => db.destroy());
  const seeded = await seedRulesets(db, await readRulesFolder(config.rulesDir), clock.now());
  if (seeded === 'differs') {
    log.warn(
      { rulesDir: config.rulesDir },
      'rules folder differs from the live rules, not applied',
    );
  }
  const backend = await createQueueBackend({ redisUrl: config.redisUrl, databaseUrl }, log);
  releasers.push('queue backend', () => backend.close());
  const producer = createProducer(backend, log);
  releasers.push('producer', () => producer.close());
  const rulesets = createRulesets(db);
  const writesBack = config.salesforce !== undefined;
  const pipeline = createPipeline({
    db,
    clock,
    log,
    rulesets,
    mailDomains: loadMailDomains(),
    pepper: await identityPepper(db, clock.now()),
    newShortId: () => shortId(randomBytes(8)),
    loads: createRepLoads(db, clock),
    writesBack,
  });
  const metrics = createMetrics();
  const crmUrl = (crmId: string | null) => crmUrlOf(config, crmId);
  return {
    config,
    log,
    clock,
    databaseUrl,
    db,
    backend,
    producer,
    metrics,
    rulesets,
    pipeline,
    writesBack,
    crmUrl,
  };
}

async function startOwnPostgres(
  config: Config,
  log: Logger,
  releasers: Releasers,
): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres'), log });
  releasers.push('embedded Postgres', () => postgres.stop());
  return postgres.url;
}

function buildSlackParts(parts: Parts, config: SlackConfig) {
  const { db, clock, rulesets, metrics, crmUrl, producer } = parts;
  const client = createSlackClient({ token: config.botToken, apiUrl: config.apiUrl });
  const directory = createChannelDirectory({ db, rulesets, clock, client });
  const channels = createChannelChecks(client, directory);
  const members = createMembers({
    db,
    clock,
    workspace: createWorkspaceDirectory(client, config.teamId),
    admins: parts.config.admins,
  });
  const scoreSoon = (leadId: string) =>
    producer.enqueue([{ name: 'score-lead', subjectId: leadId }]);
  return {
    config,
    client,
    directory,
    members,
    queries: createLeadQueries({ db, rulesets, clock, directory, crmUrl }),
    ledger: createPostgresLedger({
      db,
      rulesets,
      clock,
      metrics,
      crmUrl,
      writesBack: parts.writesBack,
      onScoreDue: scoreSoon,
    }),
    ruleAdmin: createRuleAdmin({ db, rulesets, clock }),
    switches: createSwitches(db, clock),
    preferences: createPreferences(db, clock),
    home: createHomeQueries({
      ...{ db, rulesets, clock, crmUrl, hasCrm: parts.writesBack },
      sourceCount: parts.config.sources.length,
      channels,
    }),
    homeStates: createHomeStates(db, clock),
    channels,
  };
}

/** Scores leads and sends what is owed. */
function startWorker(
  parts: Parts,
  slack: SlackParts | undefined,
  options: AppOptions,
  releasers: Releasers,
): void {
  const { db, clock, log, metrics, backend, producer, pipeline } = parts;
  const crm = parts.config.salesforce && createSalesforceCrm({ ...parts.config.salesforce, clock });
  const lanes = buildLanes(parts, slack, crm);
  for (const lane of lanes) {
    const dispatcher = createDispatcher({
      lane,
      db,
      clock,
      log,
      metrics,
      random: Math.random,
      // Only its own database is surely no other process's too.
      alone: options.alone ?? (options.role === 'all' && parts.config.databaseUrl === undefined),
    });
    dispatcher.start();
    releasers.push(`${lane.name} lane`, () => dispatcher.stop(DRAIN_MS));
    const listener = listen({
      connectionString: parts.databaseUrl,
      channel: 'outbox',
      log,
      onNotify: (name) => {
        if (name === lane.name) dispatcher.wake();
      },
      onConnect: () => dispatcher.wake(),
    });
    releasers.push(`${lane.name} listener`, () => listener.stop());
  }
  const handlers = createLeadJobHandlers({ db, pipeline, clock, metrics, log });
  const worker = startLeadWorker(
    backend,
    handlers,
    { concurrency: options.concurrency ?? CONCURRENCY },
    log,
  );
  releasers.push('lead worker', () => worker.close());
  const sweep = startSweep({ db, rulesets: parts.rulesets, producer, clock, metrics, log });
  releasers.push('sweep', () => sweep.stop());
  if (slack) {
    const sync = startDirectorySync({
      rulesets: parts.rulesets,
      members: slack.members,
      log,
      ...(crm && { matchCrm: () => matchCrmUsers(db, crm, clock.now()) }),
    });
    releasers.push('directory sync', () => sync.stop());
  }
}

function buildLanes(
  parts: Parts,
  slack: SlackParts | undefined,
  crm: Crm | undefined,
): EffectLane[] {
  const { db, clock, crmUrl } = parts;
  const lanes: EffectLane[] = [];
  if (slack) {
    const board = withNamedChannels(createSlackLeadBoard(slack.client), slack.directory);
    const render = createRenderers({
      ...{ db, clock, directory: slack.directory, crmUrl, rulesets: parts.rulesets },
      codes: () => decisionCodes(parts),
    });
    lanes.push(createSlackLane({ db, board, render, clock }));
  }
  if (crm) {
    lanes.push(
      createCrmLane({
        db,
        crm,
        clock,
        presentReasons: presentCrmText,
        onGone: closeGoneLead,
      }),
    );
  }
  return lanes;
}

/** Every role answers for its health; the web role also takes webhooks and Slack requests. */
async function startHttp(
  parts: Parts,
  slack: SlackParts | undefined,
  role: Role,
  releasers: Releasers,
): Promise<string> {
  const { config, log, db, metrics } = parts;
  let accepting = true;
  const logger: FastifyBaseLogger = log;
  const refusals = { sources: config.sources, log, metrics };
  const http = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: (_error, request, reply) => refuseAddress(request, reply, refusals),
  });
  // Before the body is read: it may be of any kind.
  http.addHook('onRequest', async (request, reply) => {
    if (request.is404) return refuseAddress(request, reply, refusals);
  });
  registerHealthRoutes(http, { db, metrics, accepting: () => accepting });
  if (role !== 'worker') await mountWeb(http, parts, slack, releasers);
  releasers.push('web server', () => http.close());
  releasers.push('readiness', () => {
    accepting = false;
  });
  return listenHttp(http, config);
}

/** The routes that take webhooks and Slack requests. */
async function mountWeb(
  http: FastifyInstance,
  parts: Parts,
  slack: SlackParts | undefined,
  releasers: Releasers,
): Promise<void> {
  const { config, log, clock, db, metrics, producer } = parts;
  await registerIntakeRoutes(http, {
    sources: config.sources,
    inbox: groupDeliveries(createPostgresInbox(db)),
    clock,
    log,
    metrics,
    onReceived: (ids) =>
      producer.enqueue(ids.map((subjectId) => ({ name: 'process-inbound', subjectId }))),
  });
  if (slack) {
    const slackApp = createSlackApp({
      config: { ...slack.config, slackApiUrl: slack.config.apiUrl },
      deps: slackDeps(parts, slack),
      log,
    });
    if (slackApp.requestListener) await mountSlack(http, slackApp.requestListener, clock);
    slackApp.start();
    releasers.push('Slack app', () => slackApp.stop());
  }
}

function slackDeps(parts: Parts, slack: SlackParts): SlackDeps {
  const { db, clock, log, producer, backend } = parts;
  const onReceived = (subjectId: string) =>
    producer.enqueue([{ name: 'process-inbound', subjectId }]);
  return {
    ledger: slack.ledger,
    heldEvents: createHeldEvents(db, clock, onReceived),
    queries: slack.queries,
    ruleAdmin: slack.ruleAdmin,
    members: slack.members,
    switches: slack.switches,
    boards: createBoards({ db, clock, directory: slack.directory }),
    channels: slack.channels,
    testLeads: createTestLeads({ db, clock, inbox: createPostgresInbox(db), onReceived }),
    preferences: slack.preferences,
    home: slack.home,
    homeStates: slack.homeStates,
    clock,
    log,
    ids: randomUUID,
    codes: () => decisionCodes(parts),
    health: () =>
      readHealth({ db, queueDepth: producer.depth, queueKind: backend.kind, now: clock.now }),
  };
}

async function decisionCodes({ rulesets }: Pick<Parts, 'rulesets'>): Promise<DecisionCodes> {
  const { model } = await rulesets.live();
  return { override: model.override_reasons, disqualify: model.disqualify_reasons };
}

function crmUrlOf(config: Config, crmId: string | null): string | null {
  if (config.salesforce === undefined || crmId === null) return null;
  return new URL(`/${crmId}`, config.salesforce.instanceUrl).href;
}
