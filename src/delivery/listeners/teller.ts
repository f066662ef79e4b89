import type { RespondFn } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Message } from '../blocks/message.ts';
import { buildMessageModal } from '../modals/message.ts';
import { MODAL } from '../text/words.ts';
import type { SlackDeps } from './deps.ts';
import { describeError } from './describe-error.ts';
import { publishHome } from './publish-home.ts';
import { updateView } from './update-view.ts';

export interface TellOptions {
  /** Takes the place of the private message that was clicked. */
  replace?: boolean;
}

/** Answers one person where they clicked; nobody else sees it. */
export interface Teller {
  tell(message: Message, options?: TellOptions): Promise<void>;
}

/** By response_url, which needs no channel membership; if that fails, as an ephemeral message. */
export function tellByResponse(
  deps: SlackDeps,
  respond: RespondFn,
  fallback: { client: WebClient; channel: string | null; user: string },
): Teller {
  return {
    async tell(message, { replace = false } = {}) {
      try {
        const content = { text: message.text, blocks: message.blocks };
        const placed = { response_type: 'ephemeral', replace_original: replace } as const;
        await respond({ ...content, ...placed });
      } catch (error) {
        deps.log.warn({ err: describeError(error) }, 'response_url failed, trying otherwise');
        await tellPrivately(fallback.client, fallback.channel, fallback.user, message);
      }
    },
  };
}

/** In the channel, for one person; without a channel, or when not a member of it, as a direct message. */
export async function tellPrivately(
  client: WebClient,
  channel: string | null,
  user: string,
  message: Message,
): Promise<void> {
  const content = { text: message.text, blocks: message.blocks };
  if (channel !== null) {
    try {
      await client.chat.postEphemeral({ channel, user, ...content });
      return;
    } catch {
      // Not in the channel: the direct message below reaches them.
    }
  }
  await client.chat.postMessage({
    channel: user,
    ...content,
    unfurl_links: false,
    unfurl_media: false,
  });
}

/** In a modal the answer takes the modal's place. */
export function tellInModal(client: WebClient, viewId: string): Teller {
  return {
    async tell(message) {
      await updateView(client, { viewId }, buildMessageModal(MODAL.done, message));
    },
  };
}

/** In App Home the answer stands above the queue, drawn anew. */
export function tellInHome(deps: SlackDeps, client: WebClient, userId: string): Teller {
  const askedAt = performance.now();
  return {
    tell: (message) =>
      publishHome(deps, client, userId, message, Math.round(performance.now() - askedAt)),
  };
}
