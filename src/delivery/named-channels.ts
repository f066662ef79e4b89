import { AppError } from '../platform/errors.ts';
import type { ChannelDirectory } from './channel-directory.ts';
import { classifySlackError } from './send/classify-slack-error.ts';
import type { LeadBoard, SlackFailure } from './send/lead-board.ts';

/** A board that takes channels as routing names them ("leads-growth") as well as Slack ids. */
export function withNamedChannels(board: LeadBoard, directory: ChannelDirectory): LeadBoard {
  async function inChannel<T>(
    channel: string,
    call: (channelId: string) => Promise<T>,
  ): Promise<T | SlackFailure> {
    let channelId: string | null;
    try {
      channelId = await directory.resolve(channel);
    } catch (error) {
      return classifySlackError('conversations.list', error);
    }
    if (channelId !== null) return noticing(await call(channelId));
    const message = `Slack knows no channel named ${channel}, or the app is not in it.`;
    const error = new AppError('slack_rejected', message, { retryable: true });
    return { kind: 'unreachable', code: 'channel_not_found', error };
  }

  /** A channel that was deleted may have a successor of the same name: known the next time. */
  async function noticing<T>(result: T | SlackFailure): Promise<T | SlackFailure> {
    if (isGone(result)) await directory.lookAgain().catch(() => undefined);
    return result;
  }

  return {
    post: (channel, content, mark) => inChannel(channel, (id) => board.post(id, content, mark)),
    update: (channel, ts, content, mark) =>
      inChannel(channel, (id) => board.update(id, ts, content, mark)),
    find: (channel, key, since, exceptTs) =>
      inChannel(channel, (id) => board.find(id, key, since, exceptTs)),
    reply: (channel, threadTs, content, mark) =>
      inChannel(channel, (id) => board.reply(id, threadTs, content, mark)),
    findReply: (channel, threadTs, key, since) =>
      inChannel(channel, (id) => board.findReply(id, threadTs, key, since)),
    remove: (channel, ts) => inChannel(channel, (id) => board.remove(id, ts)),
    openDirect: (userId) => board.openDirect(userId),
  };
}

function isGone(result: unknown): boolean {
  return (
    typeof result === 'object' &&
    result !== null &&
    'kind' in result &&
    result.kind === 'unreachable' &&
    'code' in result &&
    result.code === 'channel_not_found'
  );
}
