import type { EffectOutcome } from '../../platform/effect-outcome.ts';
import type { EffectClaim } from '../../platform/outbox.ts';
import { type LaneContext, mayCall } from './lane-context.ts';
import { outcomeOfFailure } from './outcome-of-failure.ts';

/**
 * `slack.retire` {channelId, ts}: a message that was posted anew elsewhere is deleted or, where a workspace does
 * not allow that, shrunk to a line without a button. Both can be repeated.
 */
export async function sendRetire(context: LaneContext, claim: EffectClaim): Promise<EffectOutcome> {
  const { channelId = '', ts = '' } = claim.payload;
  const wait = await mayCall(context, claim, 'chat.delete', channelId);
  if (wait !== undefined) return wait;
  const result = await context.board.remove(channelId, ts);
  if (result.kind === 'removed') return { kind: 'done' };
  if (result.kind === 'rejected') return shrink(context, claim, channelId, ts);
  return outcomeOfFailure(context, 'chat.delete', channelId, result);
}

async function shrink(
  context: LaneContext,
  claim: EffectClaim,
  channelId: string,
  ts: string,
): Promise<EffectOutcome> {
  const wait = await mayCall(context, claim, 'chat.update', channelId);
  if (wait !== undefined) return wait;
  const mark = { key: claim.key, effect: claim.kind };
  const result = await context.board.update(channelId, ts, context.render.renderMoved(), mark);
  if (result.kind === 'updated' || result.kind === 'missing') return { kind: 'done' };
  return outcomeOfFailure(context, 'chat.update', channelId, result);
}
