import type { WebClient } from '@slack/web-api';
import { classifySlackError } from './classify-slack-error.ts';
import type { LeadBoard, MessageContent, MessageMark, SlackFailure } from './lead-board.ts';

export const MESSAGE_EVENT_TYPE = 'firstcall_message';

/** Pages of history that are looked through; the newest come first. */
const MAX_PAGES = 20;
const PAGE_SIZE = 200;

/** The real board. The client must not retry (createSlackClient). */
export function createSlackLeadBoard(client: Pick<WebClient, 'chat' | 'conversations'>): LeadBoard {
  return {
    async post(channelId, content, mark) {
      return attempt('chat.postMessage', async () => {
        const answer = await client.chat.postMessage({
          channel: channelId,
          ...shown(content, mark),
          unfurl_links: false,
          unfurl_media: false,
        });
        if (answer.ts === undefined) throw new TypeError('no ts in the answer');
        return { kind: 'posted', channelId: answer.channel ?? channelId, ts: answer.ts };
      });
    },
    async update(channelId, ts, content, mark) {
      const result = await attempt('chat.update', async () => {
        await client.chat.update({ channel: channelId, ts, ...shown(content, mark) });
        return { kind: 'updated' as const };
      });
      return isGone(result) ? { kind: 'missing' } : result;
    },
    async find(channelId, key, since, exceptTs) {
      return attempt('conversations.history', async () => {
        const ts = await findByKey(client, channelId, key, since, exceptTs);
        return ts === undefined ? { kind: 'absent' } : { kind: 'found', ts };
      });
    },
    async openDirect(userId) {
      return attempt('conversations.open', async () => {
        const { channel } = await client.conversations.open({ users: userId });
        if (channel?.id === undefined) throw new TypeError('no channel in the answer');
        return { kind: 'opened', channelId: channel.id };
      });
    },
  };
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

/** A message of another app (ours, before it was installed anew) cannot be updated: it is as good as gone. */
function isGone(result: { kind: 'updated' } | SlackFailure): boolean {
  return (
    result.kind === 'rejected' &&
    ['message_not_found', 'cant_update_message', 'edit_window_closed'].includes(result.code)
  );
}

async function findByKey(
  client: Pick<WebClient, 'conversations'>,
  channelId: string,
  key: string,
  since: Date,
  exceptTs: string | undefined,
): Promise<string | undefined> {
  const oldest = since.getTime() / 1_000;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await client.conversations.history({
      channel: channelId,
      oldest: oldest.toFixed(6),
      include_all_metadata: true,
      limit: PAGE_SIZE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const messages = answer.messages ?? [];
    const recent = messages.filter((message) => Number(message.ts) >= oldest);
    const match = recent.find(
      (message) => message.ts !== exceptTs && keyOf(message.metadata) === key,
    );
    if (match?.ts !== undefined) return match.ts;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor || (messages.length > 0 && recent.length === 0)) return undefined;
  }
  // Saying "absent" without having looked at everything could post a message twice.
  throw new TypeError(`more than ${MAX_PAGES * PAGE_SIZE} messages to look through`);
}

interface Metadata {
  event_type?: string;
  event_payload?: object;
}

function keyOf(metadata: Metadata | undefined): unknown {
  if (metadata?.event_type !== MESSAGE_EVENT_TYPE) return undefined;
  const payload = metadata.event_payload;
  return payload !== undefined && 'key' in payload ? payload.key : undefined;
}
