import type {
  ActionsBlock,
  ActionsBlockElement,
  Button,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  MrkdwnElement,
  PlainTextElement,
  PlainTextOption,
  RichTextBlock,
  RichTextElement,
  RichTextSection,
  SectionBlock,
} from '@slack/types';
import { fitLine } from '../text/escape.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { truncate } from '../text/truncate.ts';

/*
 * Small constructors that keep Slack's limits. Foreign text goes through `plain` or `span`, where Slack
 * parses nothing; `mrkdwn` is for our own words and for text that `escapeMrkdwn` has been over.
 */

export function plain(text: string, max: number): PlainTextElement {
  // An empty text object is an error; emoji off, so that ":name:" in a lead stays what it is.
  return { type: 'plain_text', text: fitLine(text, max) || '-', emoji: false };
}

/** Our own words only: Slack formats it and adds links and mentions of its own. */
export function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text: truncate(text, SLACK_LIMITS.sectionText) };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, SLACK_LIMITS.headerText) };
}

export function section(text: string, blockId?: string): SectionBlock {
  return {
    type: 'section',
    text: mrkdwn(text),
    ...(blockId === undefined ? {} : { block_id: blockId }),
  };
}

export function context(...elements: (MrkdwnElement | PlainTextElement)[]): ContextBlock {
  return { type: 'context', elements: elements.slice(0, SLACK_LIMITS.contextElements) };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

export function actions(blockId: string, elements: ActionsBlockElement[]): ActionsBlock {
  return { type: 'actions', block_id: blockId, elements };
}

export interface ButtonOptions {
  label: string;
  actionId: string;
  value?: string;
  url?: string;
  style?: 'primary' | 'danger';
  /** What a screen reader says: which lead, not just "Accept". */
  spoken?: string;
  confirm?: { title: string; text: string; yes: string; no: string };
}

export function button(options: ButtonOptions): Button {
  const { label, actionId, value, url, style, spoken, confirm } = options;
  return {
    type: 'button',
    text: plain(label, SLACK_LIMITS.buttonText),
    action_id: actionId,
    ...(value === undefined ? {} : { value }),
    ...(url === undefined ? {} : { url }),
    ...(style === undefined ? {} : { style }),
    ...(spoken === undefined
      ? {}
      : { accessibility_label: fitLine(spoken, SLACK_LIMITS.accessibilityLabel) }),
    ...(confirm === undefined
      ? {}
      : {
          confirm: {
            title: plain(confirm.title, SLACK_LIMITS.confirmTitle),
            text: plain(confirm.text, SLACK_LIMITS.confirmText),
            confirm: plain(confirm.yes, SLACK_LIMITS.confirmButton),
            deny: plain(confirm.no, SLACK_LIMITS.confirmButton),
          },
        }),
  };
}

export function option(label: string, value: string, description?: string): PlainTextOption {
  return {
    text: plain(label, SLACK_LIMITS.optionText),
    value,
    ...(description === undefined
      ? {}
      : { description: plain(description, SLACK_LIMITS.optionDescription) }),
  };
}

/** Foreign or own text in rich_text; nothing in it is parsed. Lines are ours: `br()`. */
export function span(text: string, style?: 'bold' | 'italic' | 'code' | 'strike'): RichTextElement {
  return style === undefined
    ? { type: 'text', text }
    : { type: 'text', text, style: { [style]: true } };
}

export function br(): RichTextElement {
  return { type: 'text', text: '\n' };
}

/** Names a person. In an ephemeral message or a modal it pings nobody. */
export function person(slackUserId: string): RichTextElement {
  return { type: 'user', user_id: slackUserId };
}

export function richSection(...elements: RichTextElement[]): RichTextSection {
  return { type: 'rich_text_section', elements: elements.filter(saysSomething) };
}

/** Slack refuses empty text, which a name of invisible signs leaves behind. */
function saysSomething(element: RichTextElement): boolean {
  return element.type !== 'text' || element.text !== '';
}

export function richText(...elements: RichTextElement[]): RichTextBlock {
  return { type: 'rich_text', elements: [richSection(...elements)] };
}

/** Bulleted lines, in blocks that stay below the limit of a text. */
export function richLists(lines: RichTextElement[][]): RichTextBlock[] {
  const blocks: RichTextBlock[] = [];
  let open: RichTextSection[] = [];
  let used = 0;
  for (const line of lines) {
    const size = line.reduce((sum, element) => sum + lengthOf(element), 0);
    if (open.length > 0 && used + size > SLACK_LIMITS.richText) {
      blocks.push(listOf(open));
      open = [];
      used = 0;
    }
    open.push(richSection(...line));
    used += size;
  }
  if (open.length > 0) blocks.push(listOf(open));
  return blocks;
}

function listOf(elements: RichTextSection[]): RichTextBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements }] };
}

function lengthOf(element: RichTextElement): number {
  return 'text' in element && typeof element.text === 'string' ? element.text.length : 20;
}
