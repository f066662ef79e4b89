import type { InputBlock } from '@slack/types';
import { SLACK_LIMITS } from '../text/limits.ts';
import { plain } from './kit.ts';

/** A field of a form; its block has the id of its element, so that an answer is found by one name. */
export function input(
  id: string,
  label: string,
  element: InputBlock['element'],
  optional = false,
): InputBlock {
  return {
    type: 'input',
    block_id: id,
    label: plain(label, SLACK_LIMITS.inputLabel),
    element,
    optional,
  };
}
