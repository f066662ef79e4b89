import type { KnownBlock } from '@slack/types';
import { header, section } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import type { LeadRow } from '../views.ts';
import { leadLine } from './lead-entry.ts';

const NAMED = 20;

/** Many tier A leads at once: one message that names them, where each would have had its own. */
export function buildHotSummary(leads: readonly LeadRow[], now: Date): Message {
  const title = `${leads.length} more tier A leads`;
  const lines = leads.slice(0, NAMED).map((lead, index) => leadLine(lead, index + 1, now));
  if (leads.length > NAMED) lines.push(`and ${leads.length - NAMED} more`);
  const blocks: KnownBlock[] = [header(title)];
  for (let start = 0; start < lines.length; start += 5) {
    blocks.push(section(lines.slice(start, start + 5).join('\n')));
  }
  return { text: [title, ...lines].join('\n'), blocks };
}
