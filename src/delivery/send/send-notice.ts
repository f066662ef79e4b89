import type { EffectOutcome } from '../../platform/effect-outcome.ts';
import { type EffectClaim, enqueueEffect } from '../../platform/outbox.ts';
import { type LaneContext, mayCall } from './lane-context.ts';
import { findShownMessage } from './message-records.ts';
import { outcomeOfFailure } from './outcome-of-failure.ts';
import { sendMessage } from './send-message.ts';

/** `slack.notice` {userId or 'admins', noticeKind, ids...}: a direct message, sent once. */
export async function sendNotice(context: LaneContext, claim: EffectClaim): Promise<EffectOutcome> {
  const { userId = '', noticeKind = '', ...ids } = claim.payload;
  if (userId === 'admins') return handOutToAdmins(context, claim);
  const content = await context.render.renderNotice(noticeKind, ids);
  if (content === null) return { kind: 'done' };
  const channel = await directChannel(context, claim, userId);
  if (typeof channel !== 'string') return channel;
  return sendMessage(context, claim, {
    purpose: 'notice',
    subject: claim.key,
    channelId: channel,
    content,
    revision: claim.revision,
    deliveries: [],
    surface: 'board',
  });
}

/** Admins whose account is closed, or who left for another workspace, cannot be told. */
const HERE = ['member', 'guest'] as const;

/** A row for each admin, so that one who cannot be reached does not repeat it for the others. */
async function handOutToAdmins(context: LaneContext, claim: EffectClaim): Promise<EffectOutcome> {
  return {
    kind: 'done',
    async record(trx) {
      const admins = await trx
        .selectFrom('members')
        .select('slack_user_id')
        .where('role', '=', 'admin')
        .where((eb) => eb.or([eb('standing', 'is', null), eb('standing', 'in', HERE)]))
        .orderBy('slack_user_id')
        .execute();
      const now = context.clock.now();
      for (const { slack_user_id: userId } of admins) {
        await enqueueEffect(trx, {
          key: `${claim.key}:${userId}`,
          lane: 'slack',
          kind: 'slack.notice',
          payload: { ...claim.payload, userId },
          dueAt: now,
          priority: claim.priority,
          traceId: claim.traceId,
          now,
        });
      }
    },
  };
}

/** The history of a direct channel can be read, that of a user id cannot. */
export async function directChannel(
  context: LaneContext,
  claim: EffectClaim,
  userId: string,
): Promise<string | EffectOutcome> {
  const shown = await findShownMessage(context.db, 'notice', claim.key);
  if (shown !== undefined) return shown.channelId;
  const wait = await mayCall(context, claim, 'conversations.open', userId);
  if (wait !== undefined) return wait;
  const result = await context.board.openDirect(userId);
  if (result.kind === 'opened') return result.channelId;
  return outcomeOfFailure(context, 'conversations.open', userId, result);
}
