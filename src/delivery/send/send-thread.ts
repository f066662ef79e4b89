import type { EffectOutcome } from '../../platform/effect-outcome.ts';
import { type EffectClaim, noteAttempt } from '../../platform/outbox.ts';
import { oweThread } from '../../records/effects.ts';
import { type LaneContext, mayCall } from './lane-context.ts';
import { findShownMessage, type ShownMessage } from './message-records.ts';
import { outcomeOfFailure } from './outcome-of-failure.ts';
import type { RenderedThread } from './rendered.ts';
import { CLOCK_SLACK_MS } from './send-message.ts';
import { recordTold } from './thread-records.ts';

/**
 * `slack.thread` {leadId}: what happened to a hot lead since the thread was last told, as one answer in the
 * thread of its message. A lead without such a message has no thread.
 */
export async function sendThread(context: LaneContext, claim: EffectClaim): Promise<EffectOutcome> {
  const leadId = claim.payload.leadId ?? '';
  if (claim.unknownSince !== null) {
    const found = await lookUp(context, claim, leadId, claim.unknownSince);
    if (found !== undefined) return found;
  }
  const shown = await findShownMessage(context.db, 'hot', leadId);
  if (shown === undefined) return { kind: 'done' };
  const news = await context.render.renderThread(leadId);
  if (news === null) return { kind: 'done' };
  return answer(context, claim, shown, news);
}

async function answer(
  context: LaneContext,
  claim: EffectClaim,
  { channelId, ts }: ShownMessage,
  { text, blocks, entries }: RenderedThread,
): Promise<EffectOutcome> {
  const wait = await mayCall(context, claim, 'chat.postMessage', channelId);
  if (wait !== undefined) return wait;
  const key = `${claim.key}:${claim.revision}`;
  const note = { postedIn: channelId, inThread: ts, postedAs: key, entries: entries.join(' ') };
  const isOurs = await noteAttempt(context.db, claim, note);
  if (!isOurs) return { kind: 'defer', until: context.clock.now() };
  const mark = { key, effect: claim.kind };
  const result = await context.board.reply(channelId, ts, { text, blocks }, mark);
  if (result.kind === 'posted') return told(context, claim, entries, 'all');
  // Somebody deleted the message: once it is there again, its thread is told.
  if (result.kind === 'missing') return { kind: 'done' };
  return outcomeOfFailure(context, 'chat.postMessage', channelId, result);
}

/** Undefined: it was never posted. */
async function lookUp(
  context: LaneContext,
  claim: EffectClaim,
  leadId: string,
  unknownSince: Date,
): Promise<EffectOutcome | undefined> {
  const { postedIn, inThread, postedAs, entries = '' } = claim.payload;
  if (postedIn === undefined || inThread === undefined || postedAs === undefined || leadId === '') {
    return undefined;
  }
  const method = 'conversations.replies';
  const wait = await mayCall(context, claim, method, postedIn);
  if (wait !== undefined) return wait;
  const since = new Date(unknownSince.getTime() - CLOCK_SLACK_MS);
  const result = await context.board.findReply(postedIn, inThread, postedAs, since);
  if (result.kind === 'absent') return undefined;
  if (result.kind === 'found') return told(context, claim, entries.split(' '), 'perhaps more');
  // Without the message that it answers there is no thread to be found in.
  if (result.kind === 'rejected') return undefined;
  return outcomeOfFailure(context, method, postedIn, result);
}

function told(
  context: LaneContext,
  claim: EffectClaim,
  entries: readonly string[],
  left: 'all' | 'perhaps more',
): EffectOutcome {
  const leadId = claim.payload.leadId ?? '';
  const now = context.clock.now();
  return {
    kind: 'done',
    async record(trx) {
      await recordTold(trx, leadId, entries, now);
      if (left !== 'all') await oweThread(trx, leadId, { traceId: claim.traceId, now });
    },
  };
}
