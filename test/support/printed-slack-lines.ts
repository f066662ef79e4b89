import type { KnownBlock } from '@slack/types';
import type { PrintedLines } from './printed-lines.ts';

/** The lines of a why modal as a reader sees them: one string a line, bullets and headings alike. */
export function visibleLines(blocks: readonly KnownBlock[]): string[] {
  return blocks.flatMap((block) => {
    if (block.type !== 'rich_text') return [];
    return block.elements.flatMap((element) => {
      const sections = element.type === 'rich_text_list' ? element.elements : [element];
      return sections.map((section) =>
        section.elements.map((part) => ('text' in part ? part.text : '')).join(''),
      );
    });
  });
}

/** Reads the score part back: signed lines down to "62 points = fit 42 + intent 20". */
export function readWhyModal(blocks: readonly KnownBlock[]): PrintedLines {
  const points: number[] = [];
  for (const line of visibleLines(blocks)) {
    const total = /^(\d+) points? = fit \d+ \+ intent \d+$/.exec(line);
    if (total) return { points, total: Number(total[1]) };
    const signed = /^([+\u2212])(\d+) /.exec(line);
    if (signed) points.push(Number(signed[2]) * (signed[1] === '+' ? 1 : -1));
  }
  return { points, total: Number.NaN };
}
