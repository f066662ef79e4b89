import type { EffectOutcome } from '../../platform/effect-outcome.ts';
import { type EffectClaim, noteAttempt, PRIORITY } from '../../platform/outbox.ts';
import { type LaneContext, mayCall } from './lane-context.ts';
import type { MessageContent, MessageMark } from './lead-board.ts';
import {
  contentHash,
  findShownMessage,
  type Purpose,
  recordDeliveries,
  recordMessage,
  type ShownMessage,
  UNKNOWN_CONTENT,
} from './message-records.ts';
import { outcomeOfFailure } from './outcome-of-failure.ts';
import type { RankedLead } from './rendered.ts';

export interface OutgoingMessage {
  purpose: Purpose;
  subject: string;
  /** Where it is posted; a message that exists is updated where it is. */
  channelId: string;
  content: MessageContent;
  revision: number;
  deliveries: readonly RankedLead[];
  surface: 'board' | 'hot';
  /** Least time between ordinary updates. */
  everyMs?: number;
}

/** Slack's clock and ours may differ. */
const CLOCK_SLACK_MS = 2 * 60_000;

/**
 * Brings one living message up to date: posts it once, updates it afterwards, posts it anew when a person
 * deleted it. Whatever may have been posted already is looked for before it is posted.
 */
export async function sendMessage(
  context: LaneContext,
  claim: EffectClaim,
  message: OutgoingMessage,
): Promise<EffectOutcome> {
  const shown = await findShownMessage(context.db, message.purpose, message.subject);
  if (shown === undefined) return postOnce(context, claim, message, undefined);
  const unchanged = shown.contentHash === contentHash(message.content);
  // An update that may have arrived since then could have changed what is shown.
  if (unchanged && claim.unknownSince === null) return confirmed(context, message, shown);
  const wait = untilNextUpdate(context, claim, message, shown);
  return wait ?? updateShown(context, claim, message, shown);
}

function untilNextUpdate(
  context: LaneContext,
  claim: EffectClaim,
  message: OutgoingMessage,
  shown: ShownMessage,
): EffectOutcome | undefined {
  if (message.everyMs === undefined || claim.priority === PRIORITY.decision) return undefined;
  const until = new Date(shown.updatedAt.getTime() + message.everyMs);
  return until > context.clock.now() ? { kind: 'defer', until } : undefined;
}

async function updateShown(
  context: LaneContext,
  claim: EffectClaim,
  message: OutgoingMessage,
  shown: { channelId: string; ts: string },
): Promise<EffectOutcome> {
  const wait = await mayCall(context, claim, 'chat.update', shown.channelId);
  if (wait !== undefined) return wait;
  const { channelId, ts } = shown;
  const result = await context.board.update(channelId, ts, message.content, markOf(claim));
  if (result.kind === 'updated') return confirmed(context, message, shown);
  if (result.kind === 'missing') return postOnce(context, claim, message, ts);
  return outcomeOfFailure(context, 'chat.update', channelId, result);
}

/** `goneTs`: the message that a person deleted. */
async function postOnce(
  context: LaneContext,
  claim: EffectClaim,
  message: OutgoingMessage,
  goneTs: string | undefined,
): Promise<EffectOutcome> {
  if (claim.unknownSince !== null) {
    const found = await lookUp(context, claim, message, claim.unknownSince, goneTs);
    if (found !== undefined) return found;
  }
  const wait = await mayCall(context, claim, 'chat.postMessage', message.channelId);
  if (wait !== undefined) return wait;
  // A lead may be routed elsewhere before a lost answer is looked up: the lookup goes where the post went.
  const isOurs = await noteAttempt(context.db, claim, { postedIn: message.channelId });
  if (!isOurs) return { kind: 'defer', until: context.clock.now() };
  const mark = { ...markOf(claim), ...(goneTs === undefined ? {} : { replaces: goneTs }) };
  const result = await context.board.post(message.channelId, message.content, mark);
  if (result.kind === 'posted') return confirmed(context, message, result);
  return outcomeOfFailure(context, 'chat.postMessage', message.channelId, result);
}

/** Undefined: it was never posted. */
async function lookUp(
  context: LaneContext,
  claim: EffectClaim,
  message: OutgoingMessage,
  unknownSince: Date,
  goneTs: string | undefined,
): Promise<EffectOutcome | undefined> {
  const { purpose, subject } = message;
  const channelId = claim.payload.postedIn ?? message.channelId;
  const wait = await mayCall(context, claim, 'conversations.history', channelId);
  if (wait !== undefined) return wait;
  const since = new Date(unknownSince.getTime() - CLOCK_SLACK_MS);
  const result = await context.board.find(channelId, claim.key, since, goneTs);
  if (result.kind === 'absent') return undefined;
  if (result.kind !== 'found') {
    return outcomeOfFailure(context, 'conversations.history', channelId, result);
  }
  // Known from here on, whatever becomes of the update.
  await recordMessage(context.db, {
    purpose,
    subject,
    channelId,
    ts: result.ts,
    contentHash: UNKNOWN_CONTENT,
    revision: message.revision,
    now: context.clock.now(),
  });
  return updateShown(context, claim, message, { channelId, ts: result.ts });
}

function confirmed(
  context: LaneContext,
  message: OutgoingMessage,
  where: { channelId: string; ts: string; updatedAt?: Date; contentHash?: string },
): EffectOutcome {
  const now = context.clock.now();
  const hash = contentHash(message.content);
  const { channelId, ts } = where;
  const { purpose, subject, revision, surface } = message;
  return {
    kind: 'done',
    async record(trx) {
      // No call was made when the content is the same: then the pace of updates is not touched.
      const updatedAt = where.contentHash === hash ? (where.updatedAt ?? now) : now;
      const record = { purpose, subject, channelId, ts, contentHash: hash, revision };
      await recordMessage(trx, { ...record, now: updatedAt });
      await recordDeliveries(trx, {
        leads: message.deliveries,
        surface,
        channelId,
        revision,
        now,
      });
    },
  };
}

function markOf(claim: EffectClaim): MessageMark {
  return { key: claim.key, effect: claim.kind };
}
