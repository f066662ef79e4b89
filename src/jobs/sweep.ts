import { type Kysely, sql } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import { asAppError } from '../platform/errors.ts';
import type { Logger } from '../platform/logger.ts';
import type { Metrics } from '../platform/metrics.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { closeTestLeads } from '../records/close-test-leads.ts';
import { oweBoards, oweBoardsOfLeads, oweHotLeadRefreshes } from '../records/effects.ts';
import type { Rulesets } from '../records/rulesets.ts';
import { wakeSnoozed } from '../records/wake-snoozed.ts';
import { escalate } from './escalate.ts';
import { oweDigests } from './owe-digests.ts';
import type { LeadJob } from './payloads.ts';
import type { Producer } from './producer.ts';
import { repostBoards } from './repost-boards.ts';

export interface SweepOptions {
  db: Kysely<Database>;
  rulesets: Pick<Rulesets, 'live'>;
  producer: Producer;
  clock: Clock;
  metrics: Metrics;
  log: Logger;
  /** Leads close that were open for this many days without a change. */
  ageOutDays?: number;
  intervalMs?: number;
}

export interface Sweep {
  /** Sweeps soon: something became due. */
  poke(): void;
  once(): Promise<void>;
  stop(): Promise<void>;
}

const INTERVAL_MS = 1_000;
const BATCH = 1_000;
/** Few enough that new leads hardly wait behind those that time alone has changed. */
const AGED_BATCH = 200;
/** With jobs still queued, only work that waited this long is taken for lost and queued again. */
const LOST_AFTER_MS = 10_000;
/** With an empty queue nothing is on its way, but a web process may be between its commit and its enqueue. */
const GRACE_MS = 500;
const DAY_MS = 86_400_000;
const AGE_OUT_DAYS = 14;
const TEST_LEAD_MS = 60 * 60_000;
const STEPS = [
  wakeWithTime,
  requeue,
  wakeTheSnoozed,
  refreshBoards,
  ageOut,
  endTestLeads,
  oweDigests,
  escalate,
  repostBoards,
];

/**
 * Rebuilds the queue from Postgres: whatever was received or is due for scoring and has no job gets one.
 * It runs in every worker process and needs no schedule in the queue, which may be lost at any time.
 */
export function startSweep(options: SweepOptions): Sweep {
  const { log } = options;
  const failing = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  async function sweep(): Promise<void> {
    // A queue that is away does not keep snoozed leads asleep.
    for (const step of STEPS) {
      try {
        await step(options);
        if (failing.delete(step.name)) log.info({ step: step.name }, 'sweep works again');
      } catch (error) {
        // One line for an outage, not one a second.
        const line = { err: asAppError(error), step: step.name };
        if (!failing.has(step.name)) log.error(line, 'sweep failed; it goes on trying');
        failing.add(step.name);
      }
    }
  }

  function schedule(delayMs: number): void {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = sweep().finally(() => {
        running = undefined;
        schedule(options.intervalMs ?? INTERVAL_MS);
      });
    }, delayMs);
  }

  schedule(0);
  return {
    poke() {
      if (running === undefined) schedule(0);
    },
    once: sweep,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

async function requeue({ db, producer, clock }: SweepOptions): Promise<void> {
  const now = clock.now().getTime();
  const idle = (await producer.depth()) === 0;
  const before = new Date(now - (idle ? GRACE_MS : LOST_AFTER_MS));
  const events = await db
    .selectFrom('inbound_events')
    .select('id')
    .where('state', '=', 'received')
    .where('received_at', '<=', before)
    .orderBy('received_at')
    .limit(BATCH)
    .execute();
  const leads = await db
    .selectFrom('leads')
    .select('id')
    .where('score_due_at', '<=', before)
    .orderBy('score_due_at')
    .limit(BATCH)
    .execute();
  const jobs: LeadJob[] = [
    ...events.map((event) => ({ name: 'process-inbound' as const, subjectId: event.id })),
    ...leads.map((lead) => ({ name: 'score-lead' as const, subjectId: lead.id })),
  ];
  await producer.enqueueNow(jobs);
}

/** Scores again what time may have changed: without an event, nothing else would. */
async function wakeWithTime({ db, clock }: SweepOptions): Promise<void> {
  const now = clock.now();
  await sql`
    with changed as (
      select id from leads
      where rescore_at <= ${now} and state in ('open', 'held')
      order by rescore_at
      limit ${AGED_BATCH}
      for update skip locked
    )
    update leads set score_due_at = coalesce(score_due_at, ${now}), rescore_at = null
    from changed where leads.id = changed.id
  `.execute(db);
}

async function wakeTheSnoozed({ db, clock }: SweepOptions): Promise<void> {
  await inTransaction(db, (tx) => wakeSnoozed(tx, { traceId: 'sweep', now: clock.now() }));
}

/** Leads due within this time rank higher, so their board is drawn again, once for each crossing. */
async function refreshBoards({ db, clock }: SweepOptions): Promise<void> {
  const now = clock.now();
  const crossed = await sql<{ channel_id: string }>`
    select distinct assignments.channel_id
    from leads
    join assignments on assignments.id = leads.assignment_id
    join outbox on outbox.key = 'board:' || assignments.channel_id and outbox.state = 'done'
    where leads.state = 'open'
      and assignments.sla_due_at - interval '15 minutes' between outbox.done_at and ${now}
  `.execute(db);
  const channels = crossed.rows.map((row) => row.channel_id);
  await inTransaction(db, (tx) => oweBoards(tx, channels, 'refresh', { traceId: 'sweep', now }));
}

/** Closes what was open for long while nothing happened: who asks again or is given to somebody else is not old. */
async function ageOut({ db, clock, ageOutDays }: SweepOptions): Promise<void> {
  const now = clock.now();
  const before = new Date(now.getTime() - (ageOutDays ?? AGE_OUT_DAYS) * DAY_MS);
  await inTransaction(db, async (tx) => {
    const aged = await sql<{ id: string }>`
      update leads set state = 'closed', closed_reason = 'aged_out', updated_at = ${now},
        score_due_at = null
      where state = 'open' and received_at < ${before}
        and (opened_at is null or opened_at < ${before})
        and not exists (select 1 from lead_touches
          where lead_touches.lead_id = leads.id and lead_touches.received_at >= ${before})
        and not exists (select 1 from signals
          where signals.lead_id = leads.id and signals.received_at >= ${before})
        and not exists (select 1 from decisions
          where decisions.lead_id = leads.id and decisions.decided_at >= ${before})
      returning id
    `.execute(tx);
    const ids = aged.rows.map(({ id }) => id);
    const cause = { traceId: 'sweep', now };
    await oweHotLeadRefreshes(tx, ids, cause);
    await oweBoardsOfLeads(tx, ids, 'refresh', cause);
  });
}

async function endTestLeads({ db, clock }: SweepOptions): Promise<void> {
  const now = clock.now();
  const receivedBefore = new Date(now.getTime() - TEST_LEAD_MS);
  await inTransaction(db, (tx) =>
    closeTestLeads(tx, { receivedBefore }, { traceId: 'sweep', now }),
  );
}
