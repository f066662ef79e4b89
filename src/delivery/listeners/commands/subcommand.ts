import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Message } from '../../blocks/message.ts';
import type { Member } from '../../ports.ts';
import type { SlackDeps } from '../deps.ts';
import type { ActName } from '../require-role.ts';

/** One `/firstcall ...` as it was typed. */
export interface Invocation {
  deps: SlackDeps;
  client: WebClient;
  userId: string;
  channel: string;
  traceId: string;
  /** Same command, same key. */
  idempotencyKey: string;
  /** What follows the subcommand, trimmed. */
  args: string;
  /** Told after the answer: what takes longer than a person waits for one. */
  later(work: () => Promise<Message>): void;
}

interface Described {
  name: string;
  /** How it is typed, after `/firstcall `. */
  usage: string;
  /** A word that can follow the usage and is there now; null when there is none. */
  example?(deps: SlackDeps): Promise<string | null>;
  /** What it does, one phrase. */
  does: string;
  /** More sentences for `/firstcall help <name>`. */
  more?: readonly string[];
  /** What may follow: nothing when absent; of free text, a word "share" is a part. */
  takes?: 'words' | 'text';
  act: ActName;
}

export type Subcommand = Described &
  (
    | {
        kind: 'answer';
        answer(call: Invocation, member: Member): Promise<Message>;
        /** What everybody in the channel may see of the answer; null: this one is private after all. */
        share?(call: Invocation, member: Member): Promise<Message | null>;
      }
    | { kind: 'modal'; open(call: Invocation, member: Member): Promise<ModalView> }
  );
