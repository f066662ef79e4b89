import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { createPostgresLedger } from '../../src/decisions/postgres-ledger.ts';
import { recordText } from '../../src/intake/inbound-record.ts';
import { loadMailDomains } from '../../src/intake/load-mail-domains.ts';
import { createPostgresInbox } from '../../src/intake/postgres-inbox.ts';
import { shortId } from '../../src/lead/short-id.ts';
import { createPipeline } from '../../src/pipeline.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import type { Database } from '../../src/platform/postgres/tables.ts';
import { createRepLoads } from '../../src/records/rep-loads.ts';
import { createRulesets } from '../../src/records/rulesets.ts';
import { identityPepper } from '../../src/records/settings.ts';
import type { Assessment } from '../../src/scoring/assessment.ts';
import type { SlackWorkspace } from '../slack/workspace.ts';
import { createHistory, type HistoryDecision, type HistoryLead } from './history.ts';

export interface LoadHistoryOptions {
  db: Kysely<Database>;
  workspace: SlackWorkspace;
  seed: number;
  now: Date;
}

/** Delivered this long after its receipt, as the board would have done. */
const DELIVERY_MS = 20_000;
/** Older leads than this are finished with: nobody's queue is a month long. */
const FINISHED_AFTER_MS = 3 * 86_400_000;

/**
 * Thirty days of sample history through the real stores, with the clock set into the past. Runs before the
 * app starts. Resolves to how many leads were loaded.
 */
export async function loadHistory(options: LoadHistoryOptions): Promise<number> {
  const { db, workspace } = options;
  await recordMembers(options);
  const past = { at: options.now, now: () => past.at };
  const metrics = createMetrics();
  const log = createLogger({ level: 'silent', format: 'json' });
  const rulesets = createRulesets(db);
  const ledger = createPostgresLedger({
    db,
    rulesets,
    clock: past,
    metrics,
    writesBack: false,
    crmUrl: () => null,
    onScoreDue: () => undefined,
  });
  const pipeline = createPipeline({
    db,
    clock: past,
    log,
    rulesets,
    mailDomains: loadMailDomains(),
    pepper: await identityPepper(db, options.now),
    newShortId: () => shortId(randomBytes(8)),
    loads: createRepLoads(db, past),
    writesBack: false,
  });
  const inbox = createPostgresInbox(db);
  const history = createHistory(options.seed, options.now);
  for (const one of history) {
    past.at = one.receivedAt;
    const stored = await inbox.store(eventsOf(one));
    await pipeline.eventsReceived(stored.map((event) => event.id));
    const lead = await leadOf(db, one);
    if (lead === null) continue;
    await recordDelivery(db, lead, one.receivedAt);
    for (const [index, decision] of one.decisions.entries()) {
      past.at = decision.at;
      const context = {
        leadId: lead.id,
        actor: workspace.users[decision.by].id,
        surface: 'board' as const,
        idempotencyKey: `${one.lead.externalId}-${index}`,
        traceId: one.lead.externalId,
      };
      if (decision.kind === 'accepted') await ledger.accept(context);
      else await ledger.override(context, overrideOf(decision, lead.assessment));
    }
  }
  await finish(db, options.now);
  return history.length;
}

function eventsOf({ lead, source, receivedAt, signals }: HistoryLead) {
  const json = { format: 'json' as const, type: null, timestamp: null };
  return [
    {
      kind: 'lead' as const,
      source,
      dedupeKey: lead.externalId,
      rawBody: recordText({ ...json, data: { id: lead.externalId, ...lead } }),
      receivedAt,
      traceId: lead.externalId,
    },
    ...signals.map((signal, index) => ({
      kind: 'signal' as const,
      source: signal.source,
      dedupeKey: `${lead.externalId}-signal-${index}`,
      rawBody: recordText({
        ...json,
        data: {
          kind: signal.kind,
          email: lead.email,
          occurred_at: signal.occurredAt.toISOString(),
        },
      }),
      receivedAt,
      traceId: lead.externalId,
    })),
  ];
}

/** People blame lines of the score that they see. */
function overrideOf(decision: HistoryDecision, { rulesetVersion, scoredAt, reasons }: Assessment) {
  const seen = new Set(reasons.map(({ ruleId }) => ruleId));
  return {
    toTier: decision.toTier,
    reasonCode: decision.reasonCode ?? 'other',
    blamedRules: decision.blamedRules.filter((id) => seen.has(id)),
    worked: decision.worked ?? 'no',
    note: null,
    shown: { rulesetVersion, scoredAt },
  };
}

async function recordMembers({ db, workspace, now }: LoadHistoryOptions): Promise<void> {
  const roles = { repOne: 'rep', repTwo: 'rep', manager: 'manager', admin: 'admin' } as const;
  for (const key of ['repOne', 'repTwo', 'manager', 'admin'] as const) {
    const user = workspace.users[key];
    await db
      .insertInto('members')
      .values({
        slack_user_id: user.id,
        email: user.email,
        display_name: user.realName,
        role: roles[key],
        crm_user_id: null,
        time_zone: null,
        updated_at: now,
      })
      .execute();
  }
}

async function leadOf(db: Kysely<Database>, { lead, source }: HistoryLead) {
  const row = await db
    .selectFrom('leads')
    .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
    .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
    .select(['leads.id', 'leads.state', 'assignments.channel_id'])
    .select(['assessments.id as assessment_id', 'assessments.detail'])
    .where('leads.source', '=', source)
    .where('leads.external_id', '=', lead.externalId)
    .executeTakeFirst();
  if (!row || row.state === 'held') return null;
  const { id, assessment_id: assessmentId, channel_id: channel, detail: assessment } = row;
  return { id, assessmentId, channel, assessment };
}

async function recordDelivery(
  db: Kysely<Database>,
  lead: { id: string; assessmentId: string; channel: string },
  receivedAt: Date,
): Promise<void> {
  await db
    .insertInto('deliveries')
    .values({
      lead_id: lead.id,
      assessment_id: lead.assessmentId,
      surface: 'board',
      channel_id: lead.channel,
      revision: 0,
      confirmed_at: new Date(receivedAt.getTime() + DELIVERY_MS),
    })
    .execute();
}

/** The past is over: its leads are worked off, and nothing of it is owed to Slack. */
async function finish(db: Kysely<Database>, now: Date): Promise<void> {
  await db
    .updateTable('leads')
    .set({ state: 'closed', closed_reason: 'worked' })
    .where('state', 'in', ['open', 'accepted', 'contacted'])
    .where('received_at', '<', new Date(now.getTime() - FINISHED_AFTER_MS))
    .execute();
  await db.deleteFrom('outbox').execute();
}
