import { isRecord } from '../doubles/json.ts';

/** Something that Slack would act on: a ping, a link, a channel, a date. */
export interface ControlSequence {
  pointer: string;
  /** As it stands: `<!channel>`, `<https://x.example|y>`, or the rich-text element's type. */
  text: string;
}

const SEQUENCE = /<([!@#][^<>]*|[a-z][a-z0-9+.-]*:[^<>]*)>/gi;
const RICH_TEXT_PINGS = ['broadcast', 'user', 'usergroup', 'channel', 'link'];

/**
 * Every control sequence in a message or view that Slack would interpret: in `text`, in mrkdwn and
 * markdown, and as rich-text elements. What stands in a plain_text object is only text.
 */
export function findControlSequences(content: unknown, pointer = ''): ControlSequence[] {
  if (Array.isArray(content)) {
    return content.flatMap((each, index) => findControlSequences(each, `${pointer}/${index}`));
  }
  if (!isRecord(content) || content.type === 'plain_text') return [];
  // The text of a rich-text element is literal, and so are raw table cells.
  const isLiteral = pointer.includes('/elements/') && content.type === 'text';
  const found = Object.entries(content).flatMap(([key, value]) => {
    if (key !== 'text' || typeof value !== 'string') {
      return findControlSequences(value, `${pointer}/${key}`);
    }
    if (isLiteral || content.type === 'raw_text') return [];
    return [...value.matchAll(SEQUENCE)].map(([text]) => ({ pointer: `${pointer}/${key}`, text }));
  });
  const type = typeof content.type === 'string' ? content.type : '';
  const isPing = RICH_TEXT_PINGS.includes(type) && pointer.includes('/elements/');
  return isPing ? [{ pointer, text: type }, ...found] : found;
}
