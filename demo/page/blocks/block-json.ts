import type { AnyElement } from './initial-values.ts';
import type { TextObject } from './slack-text.tsx';

/** The parts of a block that the page lays out itself. */
export interface BlockJson {
  type: string;
  block_id?: string;
  text?: TextObject;
  fields?: TextObject[];
  accessory?: AnyElement;
  elements?: AnyElement[];
  element?: AnyElement;
  label?: TextObject;
  hint?: TextObject;
  optional?: boolean;
  dispatch_action?: boolean;
}
