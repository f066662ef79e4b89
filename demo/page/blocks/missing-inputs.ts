import type { AnyBlock } from '@slack/types';
import type { ElementValue, SurfaceValues } from '../../server/page-state.ts';
import type { BlockJson } from './block-json.ts';
import { contentOf } from './initial-values.ts';

/** Block id -> what to say under it: Slack's client does not send a form with these either. */
export function missingInputs(blocks: AnyBlock[], values: SurfaceValues): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const block of blocks) {
    const { type, block_id: blockId, optional, element } = block as unknown as BlockJson;
    if (type !== 'input' || optional === true || blockId === undefined) continue;
    const value = values[blockId]?.[element?.action_id ?? ''];
    if (value === undefined || isEmpty(value)) {
      missing[blockId] = 'value' in (value ?? {}) ? 'Please fill this in.' : 'Please choose one.';
    }
  }
  return missing;
}

function isEmpty(value: ElementValue): boolean {
  const content = contentOf(value);
  return content === null || content === '' || (Array.isArray(content) && content.length === 0);
}
