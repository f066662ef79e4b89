import type { WebClient } from '@slack/web-api';
import type { ChannelDirectory } from './channel-directory.ts';

/** Is the bot in a channel, as routing names it? Asks Slack each time: people are removed from channels, too. */
export function createChannelMembership(
  client: Pick<WebClient, 'conversations'>,
  directory: Pick<ChannelDirectory, 'resolve'>,
): (channel: string) => Promise<boolean> {
  return async (channel) => {
    const channelId = await directory.resolve(channel);
    if (channelId === null) return false;
    const { channel: found } = await client.conversations.info({ channel: channelId });
    return found?.is_member === true;
  };
}
