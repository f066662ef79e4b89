import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { ChannelDirectory } from './channel-directory.ts';

/** How a channel that routing names stands in Slack. */
export interface ChannelStanding {
  /** Null: Slack knows none, or shows it to members only. */
  id: string | null;
  name: string | null;
  isMember: boolean;
  isArchived: boolean;
}

/** Port: asks Slack each time, since people are removed from channels, too. */
export interface ChannelChecks {
  /** @param channel as routing names it: an id or a name */
  check(channel: string): Promise<ChannelStanding>;
}

const HIDDEN = ['channel_not_found', 'not_in_channel', 'missing_scope'];

export function createChannelChecks(
  client: Pick<WebClient, 'conversations'>,
  directory: Pick<ChannelDirectory, 'resolve'>,
): ChannelChecks {
  return {
    async check(channel) {
      const id = await directory.resolve(channel);
      if (id === null) return { id, name: null, isMember: false, isArchived: false };
      try {
        const { channel: found } = await client.conversations.info({ channel: id });
        return {
          id,
          name: found?.name ?? null,
          isMember: found?.is_member === true,
          isArchived: found?.is_archived === true,
        };
      } catch (error) {
        const isHidden = error instanceof WebAPIPlatformError && HIDDEN.includes(error.data.error);
        if (!isHidden) throw error;
        return { id, name: null, isMember: false, isArchived: false };
      }
    },
  };
}
