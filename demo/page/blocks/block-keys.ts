import type { AnyBlock } from '@slack/types';

const SHORT_ID = /\bL-[0-9A-Z]{4,}\b/g;

/**
 * A key per block that stays with its lead when the board is ranked anew. The blocks between two
 * dividers are one row; a row that names one lead by its short id belongs to that lead.
 */
export function blockKeys(blocks: AnyBlock[]): string[] {
  const seen = new Map<string, number>();
  return rowsOf(blocks).flatMap((row) => {
    const lead = onlyLead(row);
    return row.map((block) => {
      const base = lead === null ? block.type : `${lead}-${block.type}`;
      const count = (seen.get(base) ?? 0) + 1;
      seen.set(base, count);
      return `${base}-${count}`;
    });
  });
}

/** A divider opens the row below it. */
function rowsOf(blocks: AnyBlock[]): AnyBlock[][] {
  const rows: AnyBlock[][] = [[]];
  for (const block of blocks) {
    if (block.type === 'divider') rows.push([]);
    rows.at(-1)?.push(block);
  }
  return rows;
}

function onlyLead(row: AnyBlock[]): string | null {
  const named = new Set(JSON.stringify(row).match(SHORT_ID));
  const [lead] = named;
  return named.size === 1 && lead !== undefined ? lead : null;
}
