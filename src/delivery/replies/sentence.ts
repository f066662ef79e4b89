import { section } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';

/** One sentence of our own words. */
export function sentence(text: string): Message {
  return { text, blocks: [section(text)] };
}
