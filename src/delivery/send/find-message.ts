import type { WebClient } from '@slack/web-api';

export const MESSAGE_EVENT_TYPE = 'firstcall_message';

/** Pages that are looked through. */
const MAX_PAGES = 20;
const PAGE_SIZE = 200;

interface Metadata {
  event_type?: string;
  event_payload?: object;
}

interface Message {
  ts?: string;
  metadata?: Metadata;
}

interface Page {
  messages?: Message[];
  response_metadata?: { next_cursor?: string };
}

type Conversations = Pick<WebClient, 'conversations'>;

export interface WantedMessage {
  channelId: string;
  key: string;
  since: Date;
  /** A message with this key that is not the one. */
  exceptTs?: string | undefined;
}

/** The `ts` of our message with this key in a channel's history, which comes newest first. */
export function findInHistory(
  client: Conversations,
  wanted: WantedMessage,
): Promise<string | undefined> {
  return findByKey(wanted, (page) =>
    client.conversations.history({ channel: wanted.channelId, ...page }),
  );
}

/** The same in the thread of one message. */
export function findInThread(
  client: Conversations,
  wanted: WantedMessage,
  threadTs: string,
): Promise<string | undefined> {
  return findByKey({ ...wanted, exceptTs: threadTs }, (page) =>
    client.conversations.replies({ channel: wanted.channelId, ts: threadTs, ...page }),
  );
}

async function findByKey(
  { key, since, exceptTs }: WantedMessage,
  read: (page: object) => Promise<Page>,
): Promise<string | undefined> {
  const oldest = since.getTime() / 1_000;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await read({
      oldest: oldest.toFixed(6),
      include_all_metadata: true,
      limit: PAGE_SIZE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const match = answer.messages?.find(
      (message) =>
        Number(message.ts) >= oldest && message.ts !== exceptTs && keyOf(message.metadata) === key,
    );
    if (match?.ts !== undefined) return match.ts;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  // Saying "absent" without having looked at everything could post a message twice.
  throw new TypeError(`more than ${MAX_PAGES * PAGE_SIZE} messages to look through`);
}

function keyOf(metadata: Metadata | undefined): unknown {
  if (metadata?.event_type !== MESSAGE_EVENT_TYPE) return undefined;
  const payload = metadata.event_payload;
  return payload !== undefined && 'key' in payload ? payload.key : undefined;
}
