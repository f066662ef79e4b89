import type { WebClient } from '@slack/web-api';
import { classifySlackError } from './classify-slack-error.ts';
import { findInHistory, findInThread, MESSAGE_EVENT_TYPE } from './find-message.ts';
import type {
  FoundMessage,
  LeadBoard,
  MessageContent,
  MessageMark,
  SlackFailure,
} from './lead-board.ts';

/** A message of another app (ours, before it was installed anew) cannot be updated: it is as good as gone. */
const NOT_TO_UPDATE = ['message_not_found', 'cant_update_message', 'edit_window_closed'];
const NOT_TO_ANSWER = [
  'thread_not_found',
  'message_not_found',
  'invalid_thread_ts',
  'cannot_reply_to_message',
];

/** The real board. The client must not retry (createSlackClient). */
export function createSlackLeadBoard(client: Pick<WebClient, 'chat' | 'conversations'>): LeadBoard {
  async function post(
    channelId: string,
    content: MessageContent,
    mark: MessageMark,
    thread: { thread_ts?: string } = {},
  ) {
    return attempt('chat.postMessage', async () => {
      const answer = await client.chat.postMessage({
        channel: channelId,
        ...shown(content, mark),
        ...thread,
        unfurl_links: false,
        unfurl_media: false,
      });
      if (answer.ts === undefined) throw new TypeError('no ts in the answer');
      return {
        kind: 'posted' as const,
        channelId: answer.channel ?? channelId,
        ts: answer.ts,
      };
    });
  }

  return {
    post: (channelId, content, mark) => post(channelId, content, mark),
    async reply(channelId, threadTs, content, mark) {
      const result = await post(channelId, content, mark, { thread_ts: threadTs });
      return isOneOf(NOT_TO_ANSWER, result) ? { kind: 'missing' } : result;
    },
    async update(channelId, ts, content, mark) {
      const result = await attempt('chat.update', async () => {
        await client.chat.update({ channel: channelId, ts, ...shown(content, mark) });
        return { kind: 'updated' as const };
      });
      return isOneOf(NOT_TO_UPDATE, result) ? { kind: 'missing' } : result;
    },
    async remove(channelId, ts) {
      const result = await attempt('chat.delete', async () => {
        await client.chat.delete({ channel: channelId, ts });
        return { kind: 'removed' as const };
      });
      return isOneOf(['message_not_found'], result) ? { kind: 'removed' } : result;
    },
    find: (channelId, key, since, exceptTs) =>
      attempt('conversations.history', async () =>
        found(await findInHistory(client, { channelId, key, since, exceptTs })),
      ),
    findReply: (channelId, threadTs, key, since) =>
      attempt('conversations.replies', async () =>
        found(await findInThread(client, { channelId, key, since }, threadTs)),
      ),
    async openDirect(userId) {
      return attempt('conversations.open', async () => {
        const { channel } = await client.conversations.open({ users: userId });
        if (channel?.id === undefined) throw new TypeError('no channel in the answer');
        return { kind: 'opened', channelId: channel.id };
      });
    },
  };
}

function found(ts: string | undefined): FoundMessage {
  return ts === undefined ? { kind: 'absent' } : { kind: 'found', ts };
}

function shown(content: MessageContent, mark: MessageMark) {
  return {
    text: content.text,
    blocks: content.blocks,
    metadata: {
      event_type: MESSAGE_EVENT_TYPE,
      event_payload: {
        effect: mark.effect,
        key: mark.key,
        ...(mark.replaces === undefined ? {} : { replaces: mark.replaces }),
      },
    },
  };
}

async function attempt<T>(method: string, call: () => Promise<T>): Promise<T | SlackFailure> {
  try {
    return await call();
  } catch (error) {
    return classifySlackError(method, error);
  }
}

function isOneOf(codes: readonly string[], result: { kind: string } | SlackFailure): boolean {
  return result.kind === 'rejected' && 'code' in result && codes.includes(result.code);
}
