import { HELD_REASON_TEXT } from '../../lead/held-reason.ts';
import type { EffectPayload } from '../../platform/outbox.ts';
import type { Message } from '../blocks/message.ts';

/** By the reason that is stored with a held webhook item. */
export const HELD_TEXT: Readonly<Record<string, string>> = {
  ...HELD_REASON_TEXT,
  'could-not-be-processed':
    'It failed several times on our side: look for its id in the log, then release it.',
};

/** Notices about leads. Null for a kind that is not ours. */
export function renderLeadNotice(noticeKind: string, ids: EffectPayload): Message | null {
  const text = sentenceOf(noticeKind, ids);
  if (text === null) return null;
  return { text, blocks: [{ type: 'section', text: { type: 'plain_text', text } }] };
}

function sentenceOf(noticeKind: string, ids: EffectPayload): string | null {
  if (noticeKind === 'lead-held') {
    return `Lead ${ids.shortId ?? ''} could not be scored and is held. Look for it in the log, then release it with /firstcall held.`;
  }
  if (noticeKind !== 'event-held') return null;
  const why = HELD_TEXT[ids.reason ?? ''] ?? 'The reason is in the list of held leads.';
  // It stays as it is when somebody has seen to the item, and says nothing untrue then.
  return `A webhook item was held. ${why} /firstcall held shows what still is. Reference: ${ids.eventId ?? 'none'}.`;
}
