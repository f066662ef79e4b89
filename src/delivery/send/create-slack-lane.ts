import type { Kysely } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import type { EffectLane, EffectOutcome } from '../../platform/effect-outcome.ts';
import { AppError } from '../../platform/errors.ts';
import type { EffectClaim } from '../../platform/outbox.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import { accountedBoard } from './accounted-board.ts';
import { BOARD_EVERY_MS } from './board-due-at.ts';
import type { LaneContext } from './lane-context.ts';
import type { LeadBoard } from './lead-board.ts';
import type { Renderers } from './rendered.ts';
import { sendDigest } from './send-digest.ts';
import { sendEscalation } from './send-escalation.ts';
import { sendHotDirect } from './send-hot-direct.ts';
import { sendHotLead, sendSummary } from './send-hot-lead.ts';
import { sendMessage } from './send-message.ts';
import { sendNotice } from './send-notice.ts';
import { sendRetire } from './send-retire.ts';
import { sendThread } from './send-thread.ts';
import { createSlackBudget } from './slack-budget.ts';

export interface SlackLaneOptions {
  db: Kysely<Database>;
  board: LeadBoard;
  render: Renderers;
  clock: Clock;
  concurrency?: number;
  /** Below half of the dispatcher's lease. */
  callWithinMs?: number;
}

type Sender = (context: LaneContext, claim: EffectClaim) => Promise<EffectOutcome>;

const SENDERS: Readonly<Record<string, Sender>> = {
  'slack.board': sendBoard,
  'slack.hot': sendHotLead,
  'slack.thread': sendThread,
  'slack.summary': sendSummary,
  'slack.retire': sendRetire,
  'slack.escalation': sendEscalation,
  'slack.digest': sendDigest,
  'slack.hot_direct': sendHotDirect,
  'slack.notice': sendNotice,
};

/** Everything that First Call says in Slack on its own account. Waits as a whole while the switch `paused` is on. */
export function createSlackLane(options: SlackLaneOptions): EffectLane {
  const budget = createSlackBudget(options.db);
  const context: LaneContext = {
    db: options.db,
    board: accountedBoard(options.board, budget, options.clock),
    budget,
    render: options.render,
    clock: options.clock,
    callWithinMs: options.callWithinMs ?? 20_000,
  };
  return {
    name: 'slack',
    batchSize: 1,
    concurrency: options.concurrency ?? 4,
    async handle(claims) {
      const outcomes = await Promise.all(
        claims.map(async (claim) => [claim.id, await send(context, claim)] as const),
      );
      return new Map(outcomes);
    },
    async ready() {
      return !(await isPaused(options.db));
    },
  };
}

async function send(context: LaneContext, claim: EffectClaim): Promise<EffectOutcome> {
  const sender = SENDERS[claim.kind];
  if (sender !== undefined) return sender(context, claim);
  const message = `No sender for effects of kind ${claim.kind}`;
  return { kind: 'failed', error: new AppError('unexpected', message, { retryable: false }) };
}

/** `slack.board` {channelId}: the ranked list of one team channel. */
async function sendBoard(context: LaneContext, claim: EffectClaim): Promise<EffectOutcome> {
  const channel = claim.payload.channelId ?? '';
  const rendered = await context.render.renderBoard(channel);
  if (rendered === null) return { kind: 'done' };
  return sendMessage(context, claim, {
    purpose: 'board',
    subject: channel,
    channelId: rendered.channelId,
    content: { text: rendered.text, blocks: rendered.blocks },
    revision: rendered.revision,
    deliveries: rendered.assessmentIds,
    surface: 'board',
    everyMs: BOARD_EVERY_MS,
    ...(claim.payload.repost === undefined ? {} : { repostAs: claim.payload.repost }),
  });
}

/** The switch that `/firstcall pause` sets: the setting `paused` is `true`. */
async function isPaused(db: Kysely<Database>): Promise<boolean> {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('key', '=', 'paused')
    .executeTakeFirst();
  return row?.value === true;
}
