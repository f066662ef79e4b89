import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from './postgres/tables.ts';

export type LaneName = 'slack' | 'crm';

/** Decisions go before hot leads, and these before ordinary refreshes. */
export const PRIORITY = { decision: 0, hot: 1, ordinary: 2 } as const;
export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY];

/** Ids only: what is shown or written is rendered when the effect is sent. */
export type EffectPayload = Record<string, string>;

export interface EffectRequest {
  /** One row for each key: asking again raises its wanted revision. */
  key: string;
  lane: LaneName;
  kind: string;
  payload: EffectPayload;
  dueAt: Date;
  priority: Priority;
  traceId: string;
  now: Date;
}

/** An effect that this process may send, until its lease ends. */
export interface EffectClaim {
  id: string;
  claimId: string;
  key: string;
  lane: LaneName;
  kind: string;
  payload: EffectPayload;
  /** The wanted revision at the time of the claim: what is rendered from now on is at least this new. */
  revision: number;
  priority: Priority;
  /** This attempt included. */
  attempts: number;
  attemptedAt: Date;
  dueAt: Date;
  /** Start of the oldest attempt whose outcome is unknown; null when all is known. */
  unknownSince: Date | null;
  traceId: string;
  createdAt: Date;
}

type Db = Kysely<Database>;

/**
 * A call that we lost sight of may still be under way on the other side: whoever looks sooner could find
 * nothing and send it a second time.
 */
export const LOOK_AFTER_MS = 5_000;

/**
 * Owes an effect, in the transaction of its cause. A row that is being sent stays so and is due again
 * afterwards; one whose outcome is unknown stays unknown, so that it is looked up first.
 */
export async function enqueueEffect(trx: Transaction<Database>, effect: EffectRequest) {
  await enqueueEffects(trx, [effect]);
}

/** The same for many effects with different keys, in one statement and always in the same order of keys. */
export async function enqueueEffects(
  trx: Transaction<Database>,
  effects: readonly EffectRequest[],
): Promise<void> {
  if (effects.length === 0) return;
  const lookAfter = `${LOOK_AFTER_MS} milliseconds`;
  await sql`
    insert into outbox (key, lane, kind, payload, state, due_at, priority, trace_id, created_at)
    select key, lane, kind, payload, 'due', "dueAt", priority, "traceId", now
    from jsonb_to_recordset(${JSON.stringify(effects)}::jsonb) as wanted (
      key text, lane text, kind text, payload jsonb, "dueAt" timestamptz, priority integer,
      "traceId" text, now timestamptz)
    order by key
    on conflict (key) do update set
      payload = outbox.payload || excluded.payload,
      wanted_revision = outbox.wanted_revision + 1,
      state = case
        when outbox.state = 'sending' then 'sending'
        when outbox.unknown_since is not null then 'unknown'
        else 'due' end,
      due_at = case
        when outbox.state in ('done', 'failed') then excluded.due_at
        -- Wished for anew or not, the lost call may still be under way.
        when outbox.state = 'unknown' then greatest(least(outbox.due_at, excluded.due_at),
          outbox.attempted_at + ${lookAfter}::interval)
        else least(outbox.due_at, excluded.due_at) end,
      priority = case when outbox.state in ('done', 'failed') then excluded.priority
        else least(outbox.priority, excluded.priority) end,
      attempts = case when outbox.state in ('done', 'failed') then 0 else outbox.attempts end,
      trace_id = excluded.trace_id
  `.execute(trx);
  for (const lane of new Set(effects.map((effect) => effect.lane))) await notifyLane(trx, lane);
}

/** Wakes the lane's dispatchers when the transaction commits. */
export async function notifyLane(db: Db, lane: LaneName): Promise<void> {
  await sql`select pg_notify('outbox', ${lane})`.execute(db);
}

interface ClaimRow extends Omit<EffectClaim, 'priority'> {
  priority: number;
}

/**
 * Takes up to `limit` due effects, decisions first. Committed before it returns, so a crash during the
 * call leaves a trace. A claim uses up `due_at` and `priority`: what is asked while it is being sent counts anew,
 * and an interrupted row goes first.
 */
export async function claimDue(
  db: Db,
  lane: LaneName,
  now: Date,
  limit: number,
): Promise<EffectClaim[]> {
  const { rows } = await sql<ClaimRow>`
    with due as (
      select id, due_at, priority from outbox
      where lane = ${lane} and state in ('due', 'unknown') and due_at <= ${now}
      order by priority, due_at, id
      limit ${limit}
      for update skip locked
    )
    update outbox set
      state = 'sending', claim_id = gen_random_uuid(), attempted_at = ${now},
      attempts = outbox.attempts + 1, due_at = 'infinity', priority = ${PRIORITY.ordinary}
    from due where outbox.id = due.id
    returning outbox.id, outbox.claim_id as "claimId", outbox.key, outbox.lane, outbox.kind, outbox.payload,
      outbox.wanted_revision::int as revision, due.priority, outbox.attempts,
      outbox.attempted_at as "attemptedAt", due.due_at as "dueAt",
      outbox.unknown_since as "unknownSince", outbox.trace_id as "traceId",
      outbox.created_at as "createdAt"
  `.execute(db);
  return rows
    .map((row) => ({ ...row, priority: asPriority(row.priority) }))
    .sort((a, b) => a.priority - b.priority || a.dueAt.getTime() - b.dueAt.getTime());
}

function asPriority(value: number): Priority {
  if (value <= 0) return PRIORITY.decision;
  return value === 1 ? PRIORITY.hot : PRIORITY.ordinary;
}

/**
 * Writes down, before a call, what a later lookup must know. False when the claim was lost meanwhile:
 * then the call must not be made.
 */
export async function noteAttempt(
  db: Db,
  claim: EffectClaim,
  note: EffectPayload,
): Promise<boolean> {
  const { rows } = await sql`
    update outbox set payload = payload || ${JSON.stringify(note)}::jsonb
    where id = ${claim.id} and state = 'sending' and claim_id = ${claim.claimId}
    returning id
  `.execute(db);
  return rows.length === 1;
}

/** False when the claim was lost meanwhile (its lease ended): nothing is changed then. */
export async function completeEffect(db: Db, claim: EffectClaim, now: Date): Promise<boolean> {
  return settle(
    db,
    claim,
    sql`state = case when wanted_revision > ${claim.revision} then 'due' else 'done' end,
        due_at = case when wanted_revision > ${claim.revision} and due_at < 'infinity' then due_at else ${now} end,
        sent_revision = ${claim.revision}, done_at = ${now}, attempts = 0, last_error = null,
        unknown_since = null`,
  );
}

/** To be sent again at `dueAt`. What was unknown before stays unknown. */
export async function retryEffect(
  db: Db,
  claim: EffectClaim,
  dueAt: Date,
  error: string,
): Promise<boolean> {
  return settle(db, claim, sql`${reopened(claim, dueAt)}, last_error = ${error}`);
}

/** Nothing was tried (no budget, paused): not an attempt. */
export async function deferEffect(db: Db, claim: EffectClaim, dueAt: Date): Promise<boolean> {
  return settle(db, claim, sql`${reopened(claim, dueAt)}, attempts = greatest(attempts - 1, 0)`);
}

function reopened(claim: EffectClaim, dueAt: Date) {
  return sql`state = case when unknown_since is null then 'due' else 'unknown' end,
    due_at = least(due_at, ${dueAt}), priority = least(priority, ${claim.priority})`;
}

/** Sent, perhaps: whoever claims it next looks up what happened since this attempt. */
export async function markUnknown(
  db: Db,
  claim: EffectClaim,
  dueAt: Date,
  error: string,
): Promise<boolean> {
  return settle(
    db,
    claim,
    // The new due time is not shortened by newer wishes: the other side may still be at work.
    sql`state = 'unknown', unknown_since = coalesce(unknown_since, attempted_at), due_at = ${dueAt},
        priority = least(priority, ${claim.priority}), last_error = ${error}`,
  );
}

/** Given up for now; tried again at `reviveAt`, or earlier when somebody asks for it anew. */
export async function failEffect(
  db: Db,
  claim: EffectClaim,
  reviveAt: Date,
  error: string,
): Promise<boolean> {
  return settle(
    db,
    claim,
    sql`state = 'failed', due_at = least(due_at, ${reviveAt}), priority = least(priority, ${claim.priority}),
        last_error = ${error}`,
  );
}

async function settle(
  db: Db,
  claim: EffectClaim,
  changes: ReturnType<typeof sql>,
): Promise<boolean> {
  const { rows } = await sql`
    update outbox set ${changes}, claim_id = null
    where id = ${claim.id} and state = 'sending' and claim_id = ${claim.claimId}
    returning id
  `.execute(db);
  return rows.length === 1;
}

/** Rows whose sender has not been heard of for a lease become unknown; failed ones whose time has come are tried again. */
export async function recoverEffects(
  db: Db,
  lane: LaneName,
  now: Date,
  leaseMs: number,
): Promise<number> {
  const stale = new Date(now.getTime() - leaseMs);
  const lookAfter = `${LOOK_AFTER_MS} milliseconds`;
  const interrupted = await sql`
    update outbox set state = 'unknown', unknown_since = coalesce(unknown_since, attempted_at),
      due_at = greatest(${now}, attempted_at + ${lookAfter}::interval),
      priority = ${PRIORITY.decision}, claim_id = null,
      last_error = 'Interrupted while it was being sent'
    where lane = ${lane} and state = 'sending' and attempted_at <= ${stale}
    returning id
  `.execute(db);
  const revived = await sql`
    update outbox set state = case when unknown_since is null then 'due' else 'unknown' end, attempts = 0
    where lane = ${lane} and state = 'failed' and due_at <= ${now}
    returning id
  `.execute(db);
  return interrupted.rows.length + revived.rows.length;
}
