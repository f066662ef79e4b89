import { type JsonRecord, recordsOf } from '../doubles/json.ts';

/** Slack names the blocks that have no id; the emulator does not. */
export function withBlockIds(blocks: unknown): JsonRecord[] {
  return recordsOf(blocks).map((block, index) => ({ block_id: `auto-${index}`, ...block }));
}
