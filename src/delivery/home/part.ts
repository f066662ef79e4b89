import type { KnownBlock } from '@slack/types';
import { divider, section } from '../blocks/kit.ts';
import { HOME } from '../text/home-words.ts';
import type { Part } from './home-views.ts';

/** The part, or one sentence that it cannot be read; nothing for a part that is not this person's. */
export function draw<T>(
  part: Part<T> | null,
  name: keyof typeof HOME.parts,
  build: (value: T) => KnownBlock[],
): KnownBlock[] {
  if (part === null) return [];
  if (part.ok) return build(part.value);
  return [divider(), section(HOME.partUnavailable(HOME.parts[name]))];
}
