import type { KnownBlock } from '@slack/types';
import type { AppError } from '../../platform/errors.ts';

/** What a message shows. `text` is the fallback that notifications and screen readers use. */
export interface MessageContent {
  text: string;
  blocks: KnownBlock[];
}

/** Travels as message metadata, readable by anyone in the workspace: ids only. */
export interface MessageMark {
  /** The effect's key: finds the message again when a post's answer was lost. */
  key: string;
  /** The kind of effect. */
  effect: string;
  /** The `ts` of the message that a person deleted and this one stands for. */
  replaces?: string;
}

export type SlackMethod =
  | 'chat.postMessage'
  | 'chat.update'
  | 'chat.delete'
  | 'conversations.history'
  | 'conversations.replies'
  | 'conversations.open';

/**
 * Why a call did not do its work.
 * - `rate-limited`: Slack said so; this method and channel only
 * - `not-sent`: surely not done, may work later
 * - `unknown`: no telling whether it was done
 * - `unauthorized`: the token or a scope is wrong: nothing works until somebody acts
 * - `unreachable`: this channel cannot be written to (archived, not invited, gone)
 * - `rejected`: Slack refuses this content
 */
export type SlackFailure =
  | { kind: 'rate-limited'; retryAfterMs: number; error: AppError }
  | {
      kind: 'not-sent' | 'unknown' | 'unauthorized' | 'unreachable' | 'rejected';
      /** Slack's own code, or ours in brackets. */
      code: string;
      error: AppError;
    };

export interface PostedMessage {
  kind: 'posted';
  channelId: string;
  ts: string;
}

export type FoundMessage = { kind: 'found'; ts: string } | { kind: 'absent' };

/** Port: where ranked leads are shown. Every outcome is a value; nothing throws. */
export interface LeadBoard {
  post(
    channelId: string,
    content: MessageContent,
    mark: MessageMark,
  ): Promise<PostedMessage | SlackFailure>;
  /** Idempotent. `missing`: somebody deleted the message, or it was never ours. */
  update(
    channelId: string,
    ts: string,
    content: MessageContent,
    mark: MessageMark,
  ): Promise<{ kind: 'updated' } | { kind: 'missing' } | SlackFailure>;
  /** A message of ours with this key, posted at or after `since`. `exceptTs` is known to be gone. */
  find(
    channelId: string,
    key: string,
    since: Date,
    exceptTs: string | undefined,
  ): Promise<FoundMessage | SlackFailure>;
  /** Answers in the thread of a message. `missing`: there is no such message to answer any more. */
  reply(
    channelId: string,
    threadTs: string,
    content: MessageContent,
    mark: MessageMark,
  ): Promise<PostedMessage | { kind: 'missing' } | SlackFailure>;
  /** An answer of ours with this key in the thread of a message, given at or after `since`. */
  findReply(
    channelId: string,
    threadTs: string,
    key: string,
    since: Date,
  ): Promise<FoundMessage | SlackFailure>;
  /** Idempotent: a message that is gone already counts as removed. */
  remove(channelId: string, ts: string): Promise<{ kind: 'removed' } | SlackFailure>;
  /** The direct channel to a person. */
  openDirect(userId: string): Promise<{ kind: 'opened'; channelId: string } | SlackFailure>;
}
