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
  /** No calls of the method on this channel before `until` (a 429, a channel that cannot be reached). */
  backOff(method: SlackMethod, channelId: string, until: Date): Promise<void>;
}

interface Window {
  /** Calls per `ms`, by priority: decisions may use the last ones. */
  limit: Readonly<Record<Priority, number>>;
  ms: number;
  /** Counted for each channel alone. */
  perChannel: boolean;
}

const MINUTE = 60_000;

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
  'conversations.history': [{ limit: same(40), ms: MINUTE, perChannel: false }],
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
        await trx
          .insertInto('slack_calls')
          .values({ method, channel_id: channelId, called_at: now })
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
  };
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
    .where('called_at', '>', new Date(asked.now.getTime() - window.ms));
  if (window.perChannel) query = query.where('channel_id', '=', asked.channelId);
  const rows = await query
    .orderBy('called_at', 'desc')
    .offset(window.limit[asked.priority] - 1)
    .limit(1)
    .execute();
  const blocking = rows[0];
  return blocking === undefined ? asked.now : new Date(blocking.called_at.getTime() + window.ms);
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
