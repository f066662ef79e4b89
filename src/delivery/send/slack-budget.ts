import { type Kysely, sql, type Transaction } from 'kysely';
import { PRIORITY, type Priority } from '../../platform/outbox.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import type { SlackMethod } from './lead-board.ts';

export type BudgetAnswer = { ok: true } | { ok: false; retryAt: Date };

/** The share of Slack's rate limits that is ours, common to all processes on this database. */
export interface SlackBudget {
  /** Takes one call of the method, or says when to ask again. */
  take(
    method: SlackMethod,
    channelId: string,
    priority: Priority,
    now: Date,
  ): Promise<BudgetAnswer>;
  /** No calls of the method on this channel before `until` (a channel that cannot be reached). */
  backOff(method: SlackMethod, channelId: string, until: Date): Promise<void>;
  /** A 429: the same, for as long as Slack asks and longer each time in a row. Until when. */
  refused(method: SlackMethod, channelId: string, retryAfterMs: number, now: Date): Promise<Date>;
  /** The call that was taken is over: from now on the next one is counted. */
  answered(method: SlackMethod, channelId: string, accepted: boolean, now: Date): Promise<void>;
}

interface Window {
  /** Calls per `ms`, by priority: decisions may use the last ones. */
  limit: Readonly<Record<Priority, number>>;
  ms: number;
  /** Counted for each channel alone. */
  perChannel: boolean;
}

const MINUTE = 60_000;

/** Longer than any call takes: how long a call whose process died holds up its channel. */
const UNDER_WAY_MS = 12_000;

/**
 * Each refusal in a row waits twice as long as the one before, so that a channel that is always refused does not
 * use up the calls of the others.
 */
const REFUSED = { leastMs: 1_000, mostMs: MINUTE } as const;

function same(limit: number): Window['limit'] {
  return { [PRIORITY.decision]: limit, [PRIORITY.hot]: limit, [PRIORITY.ordinary]: limit };
}

/**
 * Below Slack's own limits (chat.update, history and open about 50 a minute per workspace; a message a
 * second per channel and "several hundred" a minute per workspace), since calls arrive less evenly than they start.
 */
const WINDOWS: Readonly<Record<SlackMethod, readonly Window[]>> = {
  'chat.update': [
    {
      limit: { [PRIORITY.decision]: 40, [PRIORITY.hot]: 36, [PRIORITY.ordinary]: 30 },
      ms: MINUTE,
      perChannel: false,
    },
  ],
  'chat.postMessage': [
    { limit: same(1), ms: 1_100, perChannel: true },
    { limit: same(200), ms: MINUTE, perChannel: false },
  ],
  'chat.delete': [{ limit: same(40), ms: MINUTE, perChannel: false }],
  'conversations.history': [{ limit: same(40), ms: MINUTE, perChannel: false }],
  'conversations.replies': [{ limit: same(40), ms: MINUTE, perChannel: false }],
  'conversations.open': [{ limit: same(40), ms: MINUTE, perChannel: false }],
};

export function createSlackBudget(db: Kysely<Database>): SlackBudget {
  return {
    async take(method, channelId, priority, now) {
      return db.transaction().execute(async (trx) => {
        // One taker at a time for each method: counting and taking are one step across processes.
        await sql`select pg_advisory_xact_lock(hashtextextended(${`slack ${method}`}, 0))`.execute(
          trx,
        );
        const waits = [await backedOffUntil(trx, method, channelId, now)];
        for (const window of WINDOWS[method]) {
          waits.push(await freeAt(trx, { method, channelId, priority, now }, window));
        }
        const latest = waits.reduce((a, b) => (a.getTime() > b.getTime() ? a : b));
        if (latest.getTime() > now.getTime()) return { ok: false, retryAt: latest };
        const called_at = holdsChannel(method) ? later(now, UNDER_WAY_MS) : now;
        await trx
          .insertInto('slack_calls')
          .values({ method, channel_id: channelId, called_at })
          .execute();
        await forgetOldCalls(trx, method, now);
        return { ok: true };
      });
    },
    async backOff(method, channelId, until) {
      await db
        .insertInto('slack_backoffs')
        .values({ method, channel_id: channelId, until })
        .onConflict((conflict) =>
          conflict
            .columns(['method', 'channel_id'])
            .doUpdateSet({ until: sql`greatest(slack_backoffs.until, excluded.until)` }),
        )
        .execute();
    },
    async refused(method, channelId, retryAfterMs, now) {
      const most = `${REFUSED.mostMs} milliseconds`;
      // The wait before: from the call that was refused until it was over.
      const { rows } = await sql<{ until: Date }>`
        insert into slack_backoffs (method, channel_id, until)
        values (${method}, ${channelId}, ${later(now, Math.max(retryAfterMs, REFUSED.leastMs))})
        on conflict (method, channel_id) do update set
          until = greatest(slack_backoffs.until, excluded.until, ${now}::timestamptz
            + coalesce(least(${most}::interval, 2 * (slack_backoffs.until - (
                select max(called_at) from slack_calls where method = ${method}
                  and channel_id = ${channelId} and called_at < slack_backoffs.until))), ${most}))
        returning until
      `.execute(db);
      return rows[0]?.until ?? later(now, retryAfterMs);
    },
    async answered(method, channelId, accepted, now) {
      if (holdsChannel(method)) {
        await db
          .updateTable('slack_calls')
          .set({ called_at: now })
          .where('method', '=', method)
          .where('channel_id', '=', channelId)
          .where('called_at', '>', now)
          .execute();
      }
      if (!accepted) return;
      // The next refusal is the first one again.
      await db
        .deleteFrom('slack_backoffs')
        .where('method', '=', method)
        .where('channel_id', '=', channelId)
        .where('until', '<=', now)
        .execute();
    },
  };
}

/**
 * A call takes its time until it arrives: one that started a second after another may follow it at once. So where
 * Slack counts by the channel and the second, the next one waits for the answer.
 */
function holdsChannel(method: SlackMethod): boolean {
  return WINDOWS[method].some((window) => window.perChannel);
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}

interface Asked {
  method: SlackMethod;
  channelId: string;
  priority: Priority;
  now: Date;
}

/** When a call fits into the window: now, or when enough older ones have left it. */
async function freeAt(trx: Transaction<Database>, asked: Asked, window: Window): Promise<Date> {
  let query = trx
    .selectFrom('slack_calls')
    .select('called_at')
    .where('method', '=', asked.method)
    .where('called_at', '>', later(asked.now, -window.ms));
  if (window.perChannel) query = query.where('channel_id', '=', asked.channelId);
  const rows = await query
    .orderBy('called_at', 'desc')
    .offset(window.limit[asked.priority] - 1)
    .limit(1)
    .execute();
  const blocking = rows[0];
  if (blocking === undefined) return asked.now;
  // Under way: over long before its row says so.
  const since = Math.min(blocking.called_at.getTime(), asked.now.getTime());
  return new Date(since + window.ms);
}

async function backedOffUntil(
  trx: Transaction<Database>,
  method: SlackMethod,
  channelId: string,
  now: Date,
): Promise<Date> {
  const row = await trx
    .selectFrom('slack_backoffs')
    .select('until')
    .where('method', '=', method)
    .where('channel_id', '=', channelId)
    .executeTakeFirst();
  return row?.until ?? now;
}

async function forgetOldCalls(
  trx: Transaction<Database>,
  method: SlackMethod,
  now: Date,
): Promise<void> {
  await trx
    .deleteFrom('slack_calls')
    .where('method', '=', method)
    .where('called_at', '<', new Date(now.getTime() - 2 * MINUTE))
    .execute();
}
