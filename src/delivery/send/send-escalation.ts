import type { EffectOutcome } from '../../platform/effect-outcome.ts';
import type { EffectClaim } from '../../platform/outbox.ts';
import type { LaneContext } from './lane-context.ts';
import { findShownMessage } from './message-records.ts';
import { sendMessage } from './send-message.ts';
import { directChannel } from './send-notice.ts';

/**
 * `slack.escalation` {step, recipient}: leads that nobody has taken, told to their rep, their team or its manager
 * in one message, which afterwards shows those that still wait. What was taken before it could be sent is left
 * out; nothing left, nothing is sent.
 */
export async function sendEscalation(
  context: LaneContext,
  claim: EffectClaim,
): Promise<EffectOutcome> {
  const { step = '', recipient = '' } = claim.payload;
  const rendered = await context.render.renderEscalation(claim.key, step, recipient);
  const shown = await findShownMessage(context.db, 'notice', claim.key);
  const isKnown = shown !== undefined || claim.unknownSince !== null;
  if (!rendered.isWaiting && !isKnown) return { kind: 'done' };
  const channelId =
    step === 'team' ? rendered.channelId : await directChannel(context, claim, recipient);
  if (typeof channelId !== 'string') return channelId;
  return sendMessage(context, claim, {
    purpose: 'notice',
    subject: claim.key,
    channelId,
    content: { text: rendered.text, blocks: rendered.blocks },
    revision: claim.revision,
    deliveries: [],
    surface: 'hot',
    mayPost: rendered.isWaiting,
  });
}
