import type { KnownBlock } from '@slack/types';

/** A message as a builder makes it. `text` alone says all that matters: screen readers and notifications read it. */
export interface Message {
  text: string;
  blocks: KnownBlock[];
}
