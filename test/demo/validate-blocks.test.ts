import { describe, expect, it } from 'vitest';
import { BLOCK_KIT_LIMITS } from '../../demo/slack/block-kit-limits.ts';
import { validateBlocks, validateMessage } from '../../demo/slack/validate-blocks.ts';
import { validateView } from '../../demo/slack/validate-view.ts';

const chars = (count: number): string => 'x'.repeat(count);
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (extra: object = {}) => ({
  type: 'button',
  text: plain('Go'),
  action_id: 'go',
  ...extra,
});
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (value: string) => ({ text: plain(value), value });
const options = (count: number) => Array.from({ length: count }, (_, index) => option(`o${index}`));
const input = (element: object, extra: object = {}) => ({
  type: 'input',
  block_id: 'i',
  label: plain('Label'),
  element,
  ...extra,
});
const select = (extra: object) => ({ type: 'static_select', action_id: 's', ...extra });
const overflow = (count: number) => ({ type: 'overflow', action_id: 'o', options: options(count) });
const repeat = (count: number, block: object) => Array.from({ length: count }, () => block);

/** What, the largest that passes, the smallest that does not, and where the error points. */
const LIMIT_CASES: readonly (readonly [string, object[], object[], string])[] = [
  [
    'blocks in a message',
    repeat(50, { type: 'divider' }),
    repeat(51, { type: 'divider' }),
    '/blocks',
  ],
  ['section text', [section(chars(3_000))], [section(chars(3_001))], '/blocks/0/text/text'],
  ['empty section text', [section('x')], [section('')], '/blocks/0/text/text'],
  [
    'section fields',
    [{ type: 'section', fields: repeat(10, mrkdwn('x')) }],
    [{ type: 'section', fields: repeat(11, mrkdwn('x')) }],
    '/blocks/0/fields',
  ],
  [
    'section field text',
    [{ type: 'section', fields: [mrkdwn(chars(2_000))] }],
    [{ type: 'section', fields: [mrkdwn(chars(2_001))] }],
    '/blocks/0/fields/0/text',
  ],
  [
    'header text',
    [{ type: 'header', text: plain(chars(150)) }],
    [{ type: 'header', text: plain(chars(151)) }],
    '/blocks/0/text/text',
  ],
  [
    'header is plain text',
    [{ type: 'header', text: plain('x') }],
    [{ type: 'header', text: mrkdwn('x') }],
    '/blocks/0/text/type',
  ],
  [
    'context elements',
    [{ type: 'context', elements: repeat(10, mrkdwn('x')) }],
    [{ type: 'context', elements: repeat(11, mrkdwn('x')) }],
    '/blocks/0/elements',
  ],
  [
    'actions elements',
    [actions(...Array.from({ length: 25 }, (_, index) => button({ action_id: `a${index}` })))],
    [actions(...Array.from({ length: 26 }, (_, index) => button({ action_id: `a${index}` })))],
    '/blocks/0/elements',
  ],
  [
    'block_id length',
    [{ type: 'divider', block_id: chars(255) }],
    [{ type: 'divider', block_id: chars(256) }],
    '/blocks/0/block_id',
  ],
  [
    'unique block_id',
    [
      { type: 'divider', block_id: 'a' },
      { type: 'divider', block_id: 'b' },
    ],
    [
      { type: 'divider', block_id: 'a' },
      { type: 'divider', block_id: 'a' },
    ],
    '/blocks/1/block_id',
  ],
  [
    'unique action_id in a block',
    [actions(button({ action_id: 'a' })), actions(button({ action_id: 'a' }))],
    [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
    '/blocks/0/elements/1/action_id',
  ],
  [
    'action_id length',
    [actions(button({ action_id: chars(255) }))],
    [actions(button({ action_id: chars(256) }))],
    '/blocks/0/elements/0/action_id',
  ],
  [
    'button text',
    [actions(button({ text: plain(chars(75)) }))],
    [actions(button({ text: plain(chars(76)) }))],
    '/blocks/0/elements/0/text/text',
  ],
  [
    'button value',
    [actions(button({ value: chars(2_000) }))],
    [actions(button({ value: chars(2_001) }))],
    '/blocks/0/elements/0/value',
  ],
  [
    'button url',
    [actions(button({ url: chars(3_000) }))],
    [actions(button({ url: chars(3_001) }))],
    '/blocks/0/elements/0/url',
  ],
  [
    'button accessibility label',
    [actions(button({ accessibility_label: chars(75) }))],
    [actions(button({ accessibility_label: chars(76) }))],
    '/blocks/0/elements/0/accessibility_label',
  ],
  [
    'button style',
    [actions(button({ style: 'primary' }))],
    [actions(button({ style: 'green' }))],
    '/blocks/0/elements/0/style',
  ],
  [
    'overflow options',
    [actions(overflow(5))],
    [actions(overflow(6))],
    '/blocks/0/elements/0/options',
  ],
  [
    'option text',
    [
      actions({
        type: 'overflow',
        action_id: 'o',
        options: [{ text: plain(chars(75)), value: 'v' }],
      }),
    ],
    [
      actions({
        type: 'overflow',
        action_id: 'o',
        options: [{ text: plain(chars(76)), value: 'v' }],
      }),
    ],
    '/blocks/0/elements/0/options/0/text/text',
  ],
  [
    'option value',
    [
      actions({
        type: 'overflow',
        action_id: 'o',
        options: [{ text: plain('x'), value: chars(75) }],
      }),
    ],
    [
      actions({
        type: 'overflow',
        action_id: 'o',
        options: [{ text: plain('x'), value: chars(76) }],
      }),
    ],
    '/blocks/0/elements/0/options/0/value',
  ],
  [
    'select options',
    [actions(select({ options: options(100) }))],
    [actions(select({ options: options(101) }))],
    '/blocks/0/elements/0/options',
  ],
  [
    'select initial option',
    [actions(select({ options: options(2), initial_option: option('o1') }))],
    [actions(select({ options: options(2), initial_option: option('o2') }))],
    '/blocks/0/elements/0/initial_option',
  ],
  [
    'placeholder',
    [actions(select({ options: options(1), placeholder: plain(chars(150)) }))],
    [actions(select({ options: options(1), placeholder: plain(chars(151)) }))],
    '/blocks/0/elements/0/placeholder/text',
  ],
  [
    'checkbox options',
    [actions({ type: 'checkboxes', action_id: 'c', options: options(10) })],
    [actions({ type: 'checkboxes', action_id: 'c', options: options(11) })],
    '/blocks/0/elements/0/options',
  ],
  [
    'confirm title',
    [actions(button({ confirm: confirm(100, 300, 30) }))],
    [actions(button({ confirm: confirm(101, 300, 30) }))],
    '/blocks/0/elements/0/confirm/title/text',
  ],
  [
    'confirm text',
    [actions(button({ confirm: confirm(100, 300, 30) }))],
    [actions(button({ confirm: confirm(100, 301, 30) }))],
    '/blocks/0/elements/0/confirm/text/text',
  ],
  [
    'confirm button',
    [actions(button({ confirm: confirm(100, 300, 30) }))],
    [actions(button({ confirm: confirm(100, 300, 31) }))],
    '/blocks/0/elements/0/confirm/confirm/text',
  ],
  [
    'image alt text',
    [{ type: 'image', image_url: 'https://a.example/i.png', alt_text: chars(2_000) }],
    [{ type: 'image', image_url: 'https://a.example/i.png', alt_text: chars(2_001) }],
    '/blocks/0/alt_text',
  ],
  [
    'unknown property',
    [{ type: 'section', text: mrkdwn('x') }],
    [{ type: 'section', text: { ...mrkdwn('x'), emoji: true } }],
    '/blocks/0/text',
  ],
  [
    'rich text that is empty',
    [richText('x')],
    [richText('')],
    '/blocks/0/elements/0/elements/0/text',
  ],
  ['block type', [{ type: 'divider' }], [{ type: 'divderr' }], '/blocks/0/type'],
  [
    'element in its place',
    [actions(button())],
    [actions({ type: 'plain_text_input', action_id: 'p' })],
    '/blocks/0/elements/0/type',
  ],
  [
    'markdown in all',
    [{ type: 'markdown', text: chars(12_000) }],
    [
      { type: 'markdown', text: chars(6_000) },
      { type: 'markdown', text: chars(6_001) },
    ],
    '/blocks',
  ],
  ['tables', [withCell({ type: 'table' })], repeat(2, withCell({ type: 'table' })), '/blocks'],
];

function withCell(table: object): object {
  return { ...table, rows: [[{ type: 'raw_text', text: 'x' }]] };
}

function confirm(title: number, text: number, label: number): object {
  return {
    title: plain(chars(title)),
    text: plain(chars(text)),
    confirm: plain(chars(label)),
    deny: plain('No'),
  };
}

function richText(text: string): object {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
  };
}

describe('validateBlocks', () => {
  it.each(LIMIT_CASES)('%s: the most passes, one more does not', (_what, good, bad, pointer) => {
    expect(validateBlocks(good, 'message')).toEqual([]);
    expect(validateBlocks(bad, 'message').map((error) => error.pointer)).toContain(pointer);
  });

  it('agrees with what Slack was seen to take and refuse in one message', () => {
    const spread = (blocks: number, text: number) =>
      repeat(blocks, section(chars(Math.floor(text / blocks))));
    expect(validateBlocks(spread(50, 9_597), 'message')).toEqual([]);
    const [error] = validateBlocks(spread(45, 11_341), 'message');
    expect(error?.message).toMatch(/^msg_blocks_too_long/);
  });

  it('allows 100 blocks in a view', () => {
    expect(validateBlocks(repeat(100, { type: 'divider' }), 'home')).toEqual([]);
    expect(validateBlocks(repeat(101, { type: 'divider' }), 'home')).toHaveLength(1);
  });
});

describe('validateMessage', () => {
  it('wants a fallback text', () => {
    expect(validateMessage({ blocks: [section('x')] })[0]?.pointer).toBe('/text');
    expect(validateMessage({ text: ' ', blocks: [section('x')] })[0]?.pointer).toBe('/text');
    expect(validateMessage({ text: 'x', blocks: [section('x')] })).toEqual([]);
  });

  it('checks metadata', () => {
    const metadata = (payload: object) => ({ event_type: 'e', event_payload: payload });
    expect(validateMessage({ text: 'x', metadata: metadata({ id: 1 }) })).toEqual([]);
    expect(validateMessage({ text: 'x', metadata: { event_type: 'e' } })).toHaveLength(1);
    expect(validateMessage({ text: 'x', metadata: metadata({ id: chars(17_000) }) })).toHaveLength(
      1,
    );
  });
});

describe('validateView', () => {
  const textInput = { type: 'plain_text_input', action_id: 't' };
  const modal = (extra: object = {}) => ({
    type: 'modal',
    title: plain('Title'),
    submit: plain('Save'),
    blocks: [input(textInput)],
    ...extra,
  });
  const limits = BLOCK_KIT_LIMITS.view;
  it.each([
    [
      'title',
      modal({ title: plain(chars(limits.title)) }),
      modal({ title: plain(chars(25)) }),
      '/title/text',
    ],
    [
      'submit',
      modal({ submit: plain(chars(24)) }),
      modal({ submit: plain(chars(25)) }),
      '/submit/text',
    ],
    [
      'close',
      modal({ close: plain(chars(24)) }),
      modal({ close: plain(chars(25)) }),
      '/close/text',
    ],
    ['submit with inputs', modal(), modal({ submit: undefined }), '/submit'],
    [
      'private_metadata',
      modal({ private_metadata: chars(3_000) }),
      modal({ private_metadata: chars(3_001) }),
      '/private_metadata',
    ],
    [
      'callback_id',
      modal({ callback_id: chars(255) }),
      modal({ callback_id: chars(256) }),
      '/callback_id',
    ],
    [
      'external_id',
      modal({ external_id: chars(255) }),
      modal({ external_id: chars(256) }),
      '/external_id',
    ],
    [
      'input label',
      modal({ blocks: [input(textInput, { label: plain(chars(2_000)) })] }),
      modal({ blocks: [input(textInput, { label: plain(chars(2_001)) })] }),
      '/blocks/0/label/text',
    ],
    [
      'input hint',
      modal({ blocks: [input(textInput, { hint: plain(chars(2_000)) })] }),
      modal({ blocks: [input(textInput, { hint: plain(chars(2_001)) })] }),
      '/blocks/0/hint/text',
    ],
    [
      'max_length',
      modal({ blocks: [input({ ...textInput, max_length: 3_000 })] }),
      modal({ blocks: [input({ ...textInput, max_length: 3_001 })] }),
      '/blocks/0/element/max_length',
    ],
    ['button as input', modal(), modal({ blocks: [input(button())] }), '/blocks/0/element/type'],
  ])('%s', (_what, good, bad, pointer) => {
    const wire = (view: object): unknown => JSON.parse(JSON.stringify(view));
    expect(validateView(wire(good))).toEqual([]);
    expect(validateView(wire(bad)).map((error) => error.pointer)).toContain(pointer);
  });

  it('refuses message-only blocks in a modal', () => {
    const errors = validateView(modal({ blocks: [{ type: 'markdown', text: 'x' }] }));
    expect(errors[0]?.pointer).toBe('/blocks/0/type');
  });
});
