import type { Transaction } from 'kysely';
import type { EffectOutcome } from '../../platform/effect-outcome.ts';
import { type EffectClaim, enqueueEffect, noteAttempt, PRIORITY } from '../../platform/outbox.ts';
import { inTransaction } from '../../platform/postgres/database.ts';
import type { Database } from '../../platform/postgres/tables.ts';
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
  /** False: nothing is posted, what is there is updated all the same. */
  mayPost?: boolean;
  /** What it shows in place of one that a person deleted, when that is something else. */
  healedContent?: () => Promise<MessageContent | null>;
  /** Posted anew, once under this name, when it was not posted under it; the one before is taken away. */
  repostAs?: string;
}

/** Slack's clock and ours may differ. */
export const CLOCK_SLACK_MS = 2 * 60_000;

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
  if (message.repostAs !== undefined && message.repostAs !== shown.postedAs) {
    return postOnce(context, claim, message, { ...shown, is: 'old' });
  }
  const unchanged = shown.contentHash === contentHash(message.content);
  // An update that may have arrived since then could have changed what is shown.
  if (unchanged && claim.unknownSince === null) return confirmed(context, claim, message, shown);
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
  shown: Place,
): Promise<EffectOutcome> {
  const wait = await mayCall(context, claim, 'chat.update', shown.channelId);
  if (wait !== undefined) return wait;
  const { channelId, ts } = shown;
  const result = await context.board.update(channelId, ts, message.content, markOf(claim, message));
  if (result.kind === 'updated') return confirmed(context, claim, message, shown);
  if (result.kind === 'missing') {
    const content = (await message.healedContent?.()) ?? message.content;
    return postOnce(context, claim, { ...message, content }, { channelId, ts, is: 'gone' });
  }
  return outcomeOfFailure(context, 'chat.update', channelId, result);
}

interface Place {
  channelId: string;
  ts: string;
  updatedAt?: Date;
  contentHash?: string;
}

/** The message that was there before: a person deleted it, or it is taken away once the new one is there. */
interface Former {
  channelId: string;
  ts: string;
  is: 'gone' | 'old';
}

async function postOnce(
  context: LaneContext,
  claim: EffectClaim,
  message: OutgoingMessage,
  former: Former | undefined,
): Promise<EffectOutcome> {
  if (claim.unknownSince !== null) {
    const found = await lookUp(context, claim, message, claim.unknownSince, former);
    if (found !== undefined) return found;
  }
  if (message.mayPost === false) return { kind: 'done' };
  const wait = await mayCall(context, claim, 'chat.postMessage', message.channelId);
  if (wait !== undefined) return wait;
  const mark = {
    ...markOf(claim, message),
    ...(former?.is === 'gone' ? { replaces: former.ts } : {}),
  };
  // A lead may be routed elsewhere before a lost answer is looked up: the lookup goes where the post went.
  const note = { postedIn: message.channelId, postedAs: mark.key };
  const isOurs = await noteAttempt(context.db, claim, note);
  if (!isOurs) return { kind: 'defer', until: context.clock.now() };
  const result = await context.board.post(message.channelId, message.content, mark);
  if (result.kind === 'posted') return confirmed(context, claim, message, result, former);
  return outcomeOfFailure(context, 'chat.postMessage', message.channelId, result);
}

/** Undefined: it was never posted. */
async function lookUp(
  context: LaneContext,
  claim: EffectClaim,
  message: OutgoingMessage,
  unknownSince: Date,
  former: Former | undefined,
): Promise<EffectOutcome | undefined> {
  const channelId = claim.payload.postedIn ?? message.channelId;
  const wait = await mayCall(context, claim, 'conversations.history', channelId);
  if (wait !== undefined) return wait;
  const since = new Date(unknownSince.getTime() - CLOCK_SLACK_MS);
  const key = claim.payload.postedAs ?? markOf(claim, message).key;
  const result = await context.board.find(channelId, key, since, former?.ts);
  if (result.kind === 'absent') return undefined;
  if (result.kind !== 'found') {
    return outcomeOfFailure(context, 'conversations.history', channelId, result);
  }
  const found = { channelId, ts: result.ts };
  // Known from here on, whatever becomes of the update.
  await inTransaction(context.db, (trx) =>
    recordPlace(trx, context, claim, { message, place: found, hash: UNKNOWN_CONTENT, former }),
  );
  return updateShown(context, claim, message, found);
}

function confirmed(
  context: LaneContext,
  claim: EffectClaim,
  message: OutgoingMessage,
  place: Place,
  former?: Former,
): EffectOutcome {
  const hash = contentHash(message.content);
  const { revision, surface, deliveries: leads } = message;
  return {
    kind: 'done',
    async record(trx) {
      await recordPlace(trx, context, claim, { message, place, hash, former });
      const now = context.clock.now();
      const { channelId } = place;
      await recordDeliveries(trx, { leads, surface, channelId, revision, now });
    },
  };
}

interface Shown {
  message: OutgoingMessage;
  place: Place;
  hash: string;
  former: Former | undefined;
}

/** Where the message is now; what it stands for is owed its end in the same commit. */
async function recordPlace(
  trx: Transaction<Database>,
  { clock }: LaneContext,
  claim: EffectClaim,
  { message, place, hash, former }: Shown,
): Promise<void> {
  const { purpose, subject, revision } = message;
  const { channelId, ts } = place;
  const now = clock.now();
  await recordMessage(trx, {
    ...{ purpose, subject, channelId, ts, contentHash: hash, revision },
    // No call was made when the content is the same: then the pace of updates is not touched.
    now: place.contentHash === hash ? (place.updatedAt ?? now) : now,
    postedAs: message.repostAs ?? null,
    healed: former?.is === 'gone',
  });
  if (former?.is !== 'old' || former.ts === ts) return;
  await enqueueEffect(trx, {
    ...{ key: `retire:${former.channelId}:${former.ts}`, lane: 'slack', kind: 'slack.retire' },
    payload: { channelId: former.channelId, ts: former.ts },
    ...{ priority: PRIORITY.decision, dueAt: now, traceId: claim.traceId, now },
  });
}

function markOf(claim: EffectClaim, { repostAs }: OutgoingMessage): MessageMark {
  const key = repostAs === undefined ? claim.key : `${claim.key}:${repostAs}`;
  return { key, effect: claim.kind };
}
