import type {
  RichTextBlock,
  RichTextBlockElement,
  RichTextSectionElement,
} from 'slack-blocks-to-jsx';

/*
 * Slack's mrkdwn as rich text. slack-blocks-to-jsx reads `&lt;!channel&gt;` as a ping, plain_text as
 * markup, and [text](url) as a link; Slack does none of these, and hostile lead text shows the
 * difference. Its rich text is literal, so we parse and let it render.
 */

export interface WorkspaceNames {
  users: { id: string; name: string }[];
  channels: { id: string; name: string }[];
}

interface TextStyle {
  bold?: true;
  italic?: true;
  strike?: true;
  code?: true;
}

const MARKS = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
const EMOJI = /:([a-z0-9_+-]+):/y;
const SPECIAL = /<([^<>\n]+)>/y;
const CODE = /`([^`\n]+)`/y;
const SAFE_LINK = /^(https?:|mailto:|tel:)/i;

export function mrkdwnToRichText(text: string): RichTextBlock {
  const elements: RichTextBlockElement[] = [];
  const parts = text.split(/```/);
  parts.forEach((part, index) => {
    // An opening fence without a closing one is text.
    if (index % 2 === 1 && index < parts.length - 1) elements.push(preformatted(part));
    else elements.push(...proseBlocks(index % 2 === 1 ? `\`\`\`${part}` : part));
  });
  return { type: 'rich_text', elements };
}

export function plainToRichText(text: string): RichTextBlock {
  return {
    type: 'rich_text',
    elements: [
      { type: 'rich_text_section', elements: [{ type: 'text', text: unescapeText(text) }] },
    ],
  };
}

/** Plain words, line by line, for a screen reader; people and channels by their names. */
export function mrkdwnToWords(text: string, names: WorkspaceNames): string {
  return text
    .split('\n')
    .map((line) => mrkdwnToLine(line, names))
    .join('\n');
}

/** The first line as plain words, for a hint. */
export function mrkdwnToLine(text: string, names: WorkspaceNames): string {
  const [block] = mrkdwnToRichText(text.split('\n', 1)[0] ?? '').elements;
  const elements = block?.type === 'rich_text_section' ? block.elements : [];
  return elements.map((element) => wordsOf(element, names)).join('');
}

function wordsOf(element: RichTextSectionElement, { users, channels }: WorkspaceNames): string {
  switch (element.type) {
    case 'user':
      return `@${users.find(({ id }) => id === element.user_id)?.name ?? element.user_id}`;
    case 'channel':
      return `#${channels.find(({ id }) => id === element.channel_id)?.name ?? element.channel_id}`;
    case 'broadcast':
      return `@${element.range}`;
    case 'emoji':
      return `:${element.name}:`;
    case 'text':
      return element.text;
    case 'link':
      return element.text ?? element.url;
    default:
      return '';
  }
}

/** Slack escapes three characters, once. */
export function unescapeText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function preformatted(text: string): RichTextBlockElement {
  const trimmed = unescapeText(text.replace(/^\n/, '').replace(/\n$/, ''));
  return { type: 'rich_text_preformatted', elements: [{ type: 'text', text: trimmed }] };
}

function proseBlocks(text: string): RichTextBlockElement[] {
  const blocks: RichTextBlockElement[] = [];
  let lines: string[] = [];
  let quoted = false;
  const flush = () => {
    const content = lines.join('\n');
    if (content.trim() !== '') {
      const elements = parseInline(quoted ? content : content.replace(/^\n|\n$/g, ''), {});
      blocks.push({ type: quoted ? 'rich_text_quote' : 'rich_text_section', elements });
    }
    lines = [];
  };
  for (const line of text.split('\n')) {
    const quote = /^(?:>|&gt;) ?(.*)$/.exec(line);
    if ((quote !== null) !== quoted) {
      flush();
      quoted = quote !== null;
    }
    lines.push(quote?.[1] ?? line);
  }
  flush();
  return blocks;
}

function parseInline(text: string, style: TextStyle): RichTextSectionElement[] {
  const elements: RichTextSectionElement[] = [];
  let literal = '';
  const flush = () => {
    if (literal !== '') elements.push(textElement(unescapeText(literal), style));
    literal = '';
  };
  let at = 0;
  while (at < text.length) {
    const found = readToken(text, at, style);
    if (found === null) {
      literal += text[at];
      at += 1;
    } else {
      flush();
      elements.push(...found.elements);
      at = found.end;
    }
  }
  flush();
  return elements;
}

interface Token {
  elements: RichTextSectionElement[];
  end: number;
}

function readToken(text: string, at: number, style: TextStyle): Token | null {
  const character = text[at];
  if (character === '<') {
    return readPattern(SPECIAL, text, at, (inner) => [specialElement(inner, style)]);
  }
  if (character === '`') {
    return readPattern(CODE, text, at, (inner) => [
      textElement(unescapeText(inner), { ...style, code: true }),
    ]);
  }
  if (character === ':') {
    return readPattern(EMOJI, text, at, (name) => [{ type: 'emoji', name }]);
  }
  if (character === '*' || character === '_' || character === '~') {
    return readMark(text, at, character, style);
  }
  return null;
}

function readPattern(
  pattern: RegExp,
  text: string,
  at: number,
  build: (inner: string) => RichTextSectionElement[],
): Token | null {
  pattern.lastIndex = at;
  const inner = pattern.exec(text)?.[1];
  return inner === undefined ? null : { elements: build(inner), end: pattern.lastIndex };
}

/** Marks open after a boundary and before a non-space, close the other way round, on one line. */
function readMark(text: string, at: number, mark: keyof typeof MARKS, style: TextStyle) {
  const name = MARKS[mark];
  if (style[name] === true || isWord(text[at - 1]) || isSpace(text[at + 1])) return null;
  for (let end = at + 2; end < text.length && text[end] !== '\n'; end += 1) {
    if (text[end] === mark && !isSpace(text[end - 1]) && !isWord(text[end + 1])) {
      const inner = text.slice(at + 1, end);
      return { elements: parseInline(inner, { ...style, [name]: true }), end: end + 1 };
    }
  }
  return null;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

function isSpace(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character);
}

function specialElement(inner: string, style: TextStyle): RichTextSectionElement {
  const bar = inner.indexOf('|');
  const target = bar === -1 ? inner : inner.slice(0, bar);
  const label = bar === -1 ? null : unescapeText(inner.slice(bar + 1));
  if (target.startsWith('@')) return { type: 'user', user_id: target.slice(1) };
  if (target.startsWith('#')) return { type: 'channel', channel_id: target.slice(1) };
  if (target === '!here' || target === '!channel' || target === '!everyone') {
    return { type: 'broadcast', range: target.slice(1) as 'here' | 'channel' | 'everyone' };
  }
  if (target.startsWith('!date^')) {
    return textElement(dateText(target.split('^'), label), style);
  }
  if (target.startsWith('!')) return textElement(label ?? `<${target}>`, style);
  const url = unescapeText(target);
  if (!SAFE_LINK.test(url)) return textElement(label ?? `<${url}>`, style);
  return { type: 'link', url, text: label ?? url, ...withStyle(style) };
}

function textElement(text: string, style: TextStyle): RichTextSectionElement {
  return { type: 'text', text, ...withStyle(style) };
}

function withStyle(style: TextStyle): { style?: TextStyle } {
  return Object.keys(style).length === 0 ? {} : { style };
}

/** `<!date^seconds^format|fallback>` in the reader's own time zone. */
function dateText([, seconds, format]: string[], fallback: string | null): string {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime()) || format === undefined) return fallback ?? '';
  const day = (options: Intl.DateTimeFormatOptions) => date.toLocaleDateString('en', options);
  const long = day({ month: 'long', day: 'numeric', year: 'numeric' });
  const short = day({ month: 'short', day: 'numeric', year: 'numeric' });
  const isToday = date.toDateString() === new Date().toDateString();
  return unescapeText(format)
    .replace(/\{date_(short|long)?_?pretty\}/, isToday ? 'today' : short)
    .replace('{date_num}', day({ year: 'numeric', month: '2-digit', day: '2-digit' }))
    .replace('{date_short}', short)
    .replace(/\{date(_long)?\}/, long)
    .replace('{time_secs}', date.toLocaleTimeString('en', { timeStyle: 'medium' }))
    .replace('{time}', date.toLocaleTimeString('en', { timeStyle: 'short' }));
}
