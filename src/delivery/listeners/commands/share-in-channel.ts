import type { RespondFn } from '@slack/bolt';
import { context, mrkdwn } from '../../blocks/kit.ts';
import type { Message } from '../../blocks/message.ts';
import { sentence } from '../../replies/sentence.ts';
import { SHARE } from '../../text/command-words.ts';
import { SLACK_LIMITS } from '../../text/limits.ts';
import { truncate } from '../../text/truncate.ts';
import type { SlackDeps } from '../deps.ts';
import { describeError } from '../describe-error.ts';
import type { Teller } from '../teller.ts';

/** Where a person typed the command. */
export interface SharePlace {
  respond: RespondFn;
  /** Says privately that it could not be shared. */
  teller: Teller;
  /** Who shares: named below the answer. */
  userId: string;
}

/** The answer for everybody in the channel, with the name of the person who shared it. */
export async function shareInChannel(
  deps: SlackDeps,
  { respond, teller, userId }: SharePlace,
  message: Message,
): Promise<void> {
  const by = context(mrkdwn(SHARE.by(userId)));
  const blocks = [...message.blocks.slice(0, SLACK_LIMITS.messageBlocks - 1), by];
  const text = truncate(SHARE.textBy(userId, message.text), SLACK_LIMITS.fallbackText);
  try {
    await respond({ text, blocks, response_type: 'in_channel', replace_original: false });
  } catch (error) {
    deps.log.warn({ err: describeError(error) }, 'a shared answer was not taken');
    await teller.tell(sentence(SHARE.failed));
  }
}
