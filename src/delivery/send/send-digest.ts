import type { EffectOutcome } from '../../platform/effect-outcome.ts';
import { type EffectClaim, noteAttempt } from '../../platform/outbox.ts';
import type { LaneContext } from './lane-context.ts';
import { sendMessage } from './send-message.ts';
import { directChannel } from './send-notice.ts';

/** `slack.digest` {userId, date, since}: one person's digest of one day, posted once or not at all. */
export async function sendDigest(context: LaneContext, claim: EffectClaim): Promise<EffectOutcome> {
  const rendered = await context.render.renderDigest(claim.payload);
  if (rendered === null) return { kind: 'done' };
  const { text, blocks, leadIds, mayPost } = rendered;
  const channelId = await directChannel(context, claim, claim.payload.userId ?? '');
  if (typeof channelId !== 'string') return channelId;
  // Whom it shows must be known to whoever erases one of them.
  const isOurs = await noteAttempt(context.db, claim, { leadIds: leadIds.join(' ') });
  if (!isOurs) return { kind: 'defer', until: context.clock.now() };
  return sendMessage(context, claim, {
    purpose: 'notice',
    subject: claim.key,
    channelId,
    content: { text, blocks },
    revision: claim.revision,
    deliveries: [],
    surface: 'board',
    mayPost,
  });
}
