import { describe, expect, it } from 'vitest';
import { type Surface, validateBlocks, validateMessage } from '../../demo/slack/validate-blocks.ts';
import { validateView } from '../../demo/slack/validate-view.ts';

/* What is not a number: forms, places, what must be there and what must be unique. Numbers: block-kit-limits.test.ts. */

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string, over: object = {}) => ({
  type: 'section',
  text: mrkdwn(text),
  ...over,
});
const button = (over: object = {}) => ({
  type: 'button',
  text: plain('Go'),
  action_id: 'go',
  ...over,
});
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (value: string) => ({ text: plain(value), value });
const OPTIONS = ['a', 'b'].map(option);
const pick = (type: string, over: object = {}) => ({ type, action_id: 'pick', ...over });
const input = (element: object, over: object = {}) => ({
  type: 'input',
  label: plain('Label'),
  element,
  ...over,
});
const richText = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});
const image = { type: 'image', image_url: 'https://a.example/i.png', alt_text: 'A chart' };
const conversations = (filter: object) => pick('conversations_select', { filter });
const number = (over: object) => pick('number_input', { is_decimal_allowed: false, ...over });

/** What, on which surface, blocks that pass, blocks that do not, and where the error points. */
const RULES: readonly (readonly [string, Surface, object[], object[], string])[] = [
  ['a section says something', 'message', [section('x')], [{ type: 'section' }], '/blocks/0'],
  ['no text is empty', 'message', [section('x')], [section('')], '/blocks/0/text/text'],
  [
    'nor in rich text',
    'message',
    [richText('x')],
    [richText('')],
    '/blocks/0/elements/0/elements/0/text',
  ],
  [
    'a header is plain',
    'home',
    [{ type: 'header', text: plain('x') }],
    [{ type: 'header', text: mrkdwn('x') }],
    '/blocks/0/text/type',
  ],
  [
    'unknown properties',
    'message',
    [section('x')],
    [{ type: 'section', text: { ...mrkdwn('x'), emoji: true } }],
    '/blocks/0/text',
  ],
  [
    'unknown properties of an element',
    'modal',
    [input(pick('timepicker', { initial_time: '07:30' }))],
    [input(pick('timepicker', { initial_date: '2026-03-02' }))],
    '/blocks/0/element',
  ],
  ['known blocks', 'message', [{ type: 'divider' }], [{ type: 'divderr' }], '/blocks/0/type'],
  [
    'blocks whose place is not known',
    'message',
    [],
    [{ type: 'alert', text: plain('x') }],
    '/blocks/0/type',
  ],
  [
    'message blocks stay in messages',
    'modal',
    [section('x')],
    [{ type: 'markdown', text: 'x' }],
    '/blocks/0/type',
  ],
  [
    'a text field in its place',
    'message',
    [actions(button())],
    [actions(pick('plain_text_input'))],
    '/blocks/0/elements/0/type',
  ],
  [
    'several of a menu in its place',
    'home',
    [section('x', { accessory: pick('multi_users_select') })],
    [actions(pick('multi_users_select'))],
    '/blocks/0/elements/0/type',
  ],
  [
    'day and time in its place',
    'home',
    [actions(pick('datetimepicker'))],
    [section('x', { accessory: pick('datetimepicker') })],
    '/blocks/0/accessory/type',
  ],
  [
    'a button is no input',
    'modal',
    [input(pick('plain_text_input'))],
    [input(button())],
    '/blocks/0/element/type',
  ],
  [
    'one block_id each',
    'message',
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
    'one action_id each, in a block',
    'message',
    [actions(button()), actions(button())],
    [actions(button(), button())],
    '/blocks/0/elements/1/action_id',
  ],
  [
    'styles',
    'message',
    [actions(button({ style: 'primary' }))],
    [actions(button({ style: 'green' }))],
    '/blocks/0/elements/0/style',
  ],
  [
    'an initial option is one of the options',
    'message',
    [actions(pick('static_select', { options: OPTIONS, initial_option: option('a') }))],
    [actions(pick('static_select', { options: OPTIONS, initial_option: option('c') }))],
    '/blocks/0/elements/0/initial_option',
  ],
  [
    'options or groups of them',
    'message',
    [actions(pick('static_select', { options: OPTIONS }))],
    [actions(pick('static_select'))],
    '/blocks/0/elements/0',
  ],
  [
    'no empty list of initial people',
    'modal',
    [input(pick('multi_users_select', { initial_users: ['U1'] }))],
    [input(pick('multi_users_select', { initial_users: [] }))],
    '/blocks/0/element/initial_users',
  ],
  [
    'no more initial people than may be picked',
    'modal',
    [input(pick('multi_users_select', { initial_users: ['U1'], max_selected_items: 1 }))],
    [input(pick('multi_users_select', { initial_users: ['U1', 'U2'], max_selected_items: 1 }))],
    '/blocks/0/element/initial_users',
  ],
  [
    'a filter filters',
    'modal',
    [input(conversations({ include: ['public'] }))],
    [input(conversations({}))],
    '/blocks/0/element/filter',
  ],
  [
    'a time',
    'modal',
    [input(pick('timepicker', { initial_time: '23:59' }))],
    [input(pick('timepicker', { initial_time: '24:00' }))],
    '/blocks/0/element/initial_time',
  ],
  [
    'a day',
    'modal',
    [input(pick('datepicker', { initial_date: '2026-03-02' }))],
    [input(pick('datepicker', { initial_date: '2.3.2026' }))],
    '/blocks/0/element/initial_date',
  ],
  [
    'a moment',
    'modal',
    [input(pick('datetimepicker', { initial_date_time: 1_772_440_200 }))],
    [input(pick('datetimepicker', { initial_date_time: 1_772_440_200_000 }))],
    '/blocks/0/element/initial_date_time',
  ],
  [
    'numbers are written as text',
    'modal',
    [input(number({ initial_value: '3' }))],
    [input(number({ initial_value: 3 }))],
    '/blocks/0/element/initial_value',
  ],
  [
    'the least is no more than the most',
    'modal',
    [input(number({ min_value: '-60', max_value: '60' }))],
    [input(number({ min_value: '60', max_value: '-60' }))],
    '/blocks/0/element/min_value',
  ],
  [
    'text that is there fits',
    'modal',
    [input(pick('plain_text_input', { max_length: 3, initial_value: 'abc' }))],
    [input(pick('plain_text_input', { max_length: 3, initial_value: 'abcd' }))],
    '/blocks/0/element/initial_value',
  ],
  [
    'an image has a text',
    'message',
    [image],
    [{ type: 'image', image_url: 'https://a.example/i.png' }],
    '/blocks/0/alt_text',
  ],
];

describe('validateBlocks', () => {
  it.each(RULES)('%s (%s)', (_what, surface, good, bad, pointer) => {
    expect(validateBlocks(good, surface)).toEqual([]);
    expect(validateBlocks(bad, surface).map((error) => error.pointer)).toContain(pointer);
  });

  it('agrees with what Slack was seen to take and refuse in one message', () => {
    const spread = (blocks: number, text: number) =>
      Array.from({ length: blocks }, () => section('x'.repeat(Math.floor(text / blocks))));
    expect(validateBlocks(spread(50, 9_597), 'message')).toEqual([]);
    const [error] = validateBlocks(spread(45, 11_341), 'message');
    expect(error?.message).toMatch(/^msg_blocks_too_long/);
  });

  it('checks the blocks in a container', () => {
    const container = (child: object) => ({
      type: 'container',
      title: plain('x'),
      child_blocks: [child],
    });
    expect(validateBlocks([container(section('x'))], 'message')).toEqual([]);
    const [error] = validateBlocks([container(section(''))], 'message');
    expect(error?.pointer).toBe('/blocks/0/child_blocks/0/text/text');
  });
});

describe('validateMessage', () => {
  it('wants a fallback text', () => {
    expect(validateMessage({ blocks: [section('x')] })[0]?.pointer).toBe('/text');
    expect(validateMessage({ text: ' ', blocks: [section('x')] })[0]?.pointer).toBe('/text');
    expect(validateMessage({ text: 'x', blocks: [section('x')] })).toEqual([]);
  });

  it('wants metadata to say what it is', () => {
    const payload = { event_payload: { id: 1 } };
    expect(validateMessage({ text: 'x', metadata: { event_type: 'e', ...payload } })).toEqual([]);
    expect(validateMessage({ text: 'x', metadata: { event_type: 'e' } })).toHaveLength(1);
    expect(validateMessage({ text: 'x', metadata: payload })).toHaveLength(1);
  });

  it('refuses content where nothing would check it', () => {
    expect(validateMessage({ text: 'x', attachments: [] })).toEqual([]);
    const [first] = validateMessage({ text: 'x', attachments: [{ text: 'x' }] });
    expect(first?.pointer).toBe('/attachments');
    expect(validateMessage({ text: 'x', markdown_text: 'x' })[0]?.pointer).toBe('/markdown_text');
  });
});

describe('validateView', () => {
  const modal = (over: object = {}) => ({
    type: 'modal',
    title: plain('Title'),
    submit: plain('Save'),
    blocks: [input(pick('plain_text_input'))],
    ...over,
  });
  const home = { type: 'home', blocks: [section('x')] };

  it.each([
    ['a form can be sent', modal(), modal({ submit: undefined }), '/submit'],
    ['a modal has a title', modal(), modal({ title: undefined }), '/title'],
    ['a home has none', home, { ...home, title: plain('x') }, ''],
    ['a view is a modal or a home', home, { ...home, type: 'page' }, '/type'],
    ['a view has blocks', home, { type: 'home' }, '/blocks'],
  ])('%s', (_what, good, bad, pointer) => {
    const wire = (view: object): unknown => JSON.parse(JSON.stringify(view));
    expect(validateView(wire(good))).toEqual([]);
    expect(validateView(wire(bad)).map((error) => error.pointer)).toContain(pointer);
    expect(validateView(undefined)).toHaveLength(1);
  });
});
