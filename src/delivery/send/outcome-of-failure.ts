import type { EffectOutcome } from '../../platform/effect-outcome.ts';
import type { LaneContext } from './lane-context.ts';
import type { SlackFailure, SlackMethod } from './lead-board.ts';

/** Until somebody invites the app or names another channel. */
const UNREACHABLE_RETRY_MS = 5 * 60_000;
const UNAUTHORIZED_RETRY_MS = 60_000;

/** What a failed call means for the effect; a 429 and a closed channel are remembered for all processes. */
export async function outcomeOfFailure(
  context: LaneContext,
  method: SlackMethod,
  channelId: string,
  failure: SlackFailure,
): Promise<EffectOutcome> {
  const after = (ms: number): Date => new Date(context.clock.now().getTime() + ms);
  switch (failure.kind) {
    case 'rate-limited': {
      const { retryAfterMs } = failure;
      const now = context.clock.now();
      const until = await context.budget.refused(method, channelId, retryAfterMs, now);
      return { kind: 'defer', until };
    }
    case 'not-sent':
      return { kind: 'retry', error: failure.error };
    case 'unknown':
      // Looking changes nothing, so a lost answer leaves things as they were.
      if (method === 'conversations.history' || method === 'conversations.open') {
        return { kind: 'retry', error: failure.error };
      }
      return { kind: 'unknown', error: failure.error };
    case 'unauthorized':
      // Nobody can be told in Slack: the log and the metric say so.
      return { kind: 'retry', error: failure.error, at: after(UNAUTHORIZED_RETRY_MS) };
    case 'unreachable': {
      const until = after(UNREACHABLE_RETRY_MS);
      await context.budget.backOff(method, channelId, until);
      const ids = { channelId, code: failure.code };
      const notice = { noticeKind: 'channel_unreachable', subject: channelId, ids };
      return { kind: 'failed', error: failure.error, reviveAt: until, notice };
    }
    case 'rejected':
      return { kind: 'failed', error: failure.error };
  }
}
