import type { Clock } from '../../platform/clock.ts';
import type { LeadBoard, SlackFailure, SlackMethod } from './lead-board.ts';
import type { SlackBudget } from './slack-budget.ts';

/** A board that tells the budget when a call is over. */
export function accountedBoard(board: LeadBoard, budget: SlackBudget, clock: Clock): LeadBoard {
  async function account<T extends { kind: string }>(
    method: SlackMethod,
    channelId: string,
    call: Promise<T | SlackFailure>,
  ): Promise<T | SlackFailure> {
    const result = await call;
    const accepted = result.kind !== 'rate-limited';
    // What became of the call counts, not its account: without it the channel waits a little longer.
    await budget.answered(method, channelId, accepted, clock.now()).catch(() => undefined);
    return result;
  }

  return {
    post: (channel, content, mark) =>
      account('chat.postMessage', channel, board.post(channel, content, mark)),
    update: (channel, ts, content, mark) =>
      account('chat.update', channel, board.update(channel, ts, content, mark)),
    find: (channel, key, since, exceptTs) =>
      account('conversations.history', channel, board.find(channel, key, since, exceptTs)),
    reply: (channel, threadTs, content, mark) =>
      account('chat.postMessage', channel, board.reply(channel, threadTs, content, mark)),
    findReply: (channel, threadTs, key, since) =>
      account('conversations.replies', channel, board.findReply(channel, threadTs, key, since)),
    remove: (channel, ts) => account('chat.delete', channel, board.remove(channel, ts)),
    openDirect: (userId) => account('conversations.open', userId, board.openDirect(userId)),
  };
}
