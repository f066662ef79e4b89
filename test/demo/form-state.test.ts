import { describe, expect, it } from 'vitest';
import { initialValue, valuesOf, valueWith } from '../../demo/page/blocks/initial-values.ts';
import { answersOf } from '../../demo/server/answers.ts';
import { createDrafts } from '../../demo/slack/drafts.ts';
import { type Answer, answeredState, initialState } from '../../demo/slack/element-state.ts';
import { missingInputs, stateValues } from '../../demo/slack/form-state.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const option = (value: string) => ({ text: plain(`Option ${value}`), value });
const OPTIONS = ['a', 'b', 'c'].map(option);
const input = (blockId: string, element: object, extra: object = {}) => ({
  type: 'input',
  block_id: blockId,
  label: plain(blockId),
  element: { action_id: 'pick', ...element },
  ...extra,
});

/** Element, an answer, and what Slack's `state.values` says before and after it. */
const ELEMENTS: readonly (readonly [object, Answer, object, object])[] = [
  [{ type: 'plain_text_input' }, 'text', { value: null }, { value: 'text' }],
  [
    { type: 'number_input', is_decimal_allowed: false, initial_value: '3' },
    4,
    { value: '3' },
    { value: '4' },
  ],
  [
    { type: 'static_select', options: OPTIONS },
    'Option b',
    { selected_option: null },
    { selected_option: option('b') },
  ],
  [
    { type: 'static_select', option_groups: [{ label: plain('Group'), options: OPTIONS }] },
    'c',
    { selected_option: null },
    { selected_option: option('c') },
  ],
  [
    { type: 'radio_buttons', options: OPTIONS, initial_option: option('a') },
    null,
    { selected_option: option('a') },
    { selected_option: null },
  ],
  [
    { type: 'checkboxes', options: OPTIONS },
    ['a', 'b'],
    { selected_options: [] },
    { selected_options: [option('a'), option('b')] },
  ],
  [
    { type: 'multi_static_select', options: OPTIONS, initial_options: [option('a')] },
    ['c'],
    { selected_options: [option('a')] },
    { selected_options: [option('c')] },
  ],
  [{ type: 'users_select' }, 'U1', { selected_user: null }, { selected_user: 'U1' }],
  [
    { type: 'multi_users_select', initial_users: ['U1'] },
    ['U1', 'U2'],
    { selected_users: ['U1'] },
    { selected_users: ['U1', 'U2'] },
  ],
  [
    { type: 'conversations_select', initial_conversation: 'C1' },
    'C2',
    { selected_conversation: 'C1' },
    { selected_conversation: 'C2' },
  ],
  [
    { type: 'multi_conversations_select' },
    'C2',
    { selected_conversations: [] },
    { selected_conversations: ['C2'] },
  ],
  [{ type: 'channels_select' }, 'C1', { selected_channel: null }, { selected_channel: 'C1' }],
  [{ type: 'multi_channels_select' }, null, { selected_channels: [] }, { selected_channels: [] }],
  [
    { type: 'datepicker', initial_date: '2026-03-02' },
    '2026-03-09',
    { selected_date: '2026-03-02' },
    { selected_date: '2026-03-09' },
  ],
  [{ type: 'timepicker' }, '07:30', { selected_time: null }, { selected_time: '07:30' }],
  [
    { type: 'timepicker', timezone: 'Europe/Berlin' },
    null,
    { timezone: 'Europe/Berlin', selected_time: null },
    { timezone: 'Europe/Berlin', selected_time: null },
  ],
  [
    { type: 'datetimepicker' },
    1_772_440_200,
    { selected_date_time: null },
    { selected_date_time: 1_772_440_200 },
  ],
];

describe('what an element holds', () => {
  it.each(ELEMENTS)('%o: %j', (given, answer, before, after) => {
    const element = { action_id: 'pick', type: '', ...given };
    const { type } = element;
    expect(initialState(element)).toEqual({ type, ...before });
    expect(answeredState(element, answer)).toEqual({ type, ...after });
    // The page holds the same; the zone is the element's own and added by the double.
    const { timezone: _zone, ...content } = { timezone: '', ...before };
    expect(initialValue(element)).toEqual({ type, ...content });
    const [held] = Object.values(content);
    expect(valueWith(type, held)).toEqual({ type, ...content });
    const block = input('block', element);
    const fromPage = answersOf(valuesOf([block] as never, {}));
    expect(stateValues([block], fromPage)).toEqual({ block: { pick: { type, ...before } } });
  });

  it.each([
    [{ type: 'static_select', options: OPTIONS }, 'd', 'no option d'],
    [{ type: 'timepicker' }, '7:30', 'cannot hold 7:30'],
    [{ type: 'timepicker' }, '24:00', 'cannot hold 24:00'],
    [{ type: 'datepicker' }, 'tomorrow', 'cannot hold tomorrow'],
    [{ type: 'datetimepicker' }, '2026-03-02', 'cannot hold 2026-03-02'],
    [{ type: 'users_select' }, ['U1', 'U2'], 'cannot hold U1,U2'],
  ] as const)('%o cannot hold %j', (element, answer, problem) => {
    expect(() => answeredState({ ...element, action_id: 'pick' }, answer)).toThrow(problem);
  });
});

describe('a form', () => {
  it('is not sent while something is missing, too long, too many or no number', () => {
    const blocks = [
      input('who', { type: 'multi_users_select', max_selected_items: 2 }),
      input('when', { type: 'timepicker', timezone: 'UTC' }),
      input('points', { type: 'number_input', is_decimal_allowed: false, max_value: '60' }),
      input('note', { type: 'plain_text_input', max_length: 3 }, { optional: true }),
    ];
    const missing = (answers: Record<string, Answer>) =>
      missingInputs(blocks, stateValues(blocks, answers));
    expect(missing({})).toEqual(['who is empty', 'when is empty', 'points is empty']);
    const fine = { who: ['U1'], when: '09:00', points: '60' };
    expect(missing(fine)).toEqual([]);
    expect(missing({ ...fine, who: ['U1', 'U2', 'U3'] })).toEqual(['who has too many']);
    expect(missing({ ...fine, points: 61 })).toEqual(['points is too large']);
    expect(missing({ ...fine, points: '1.5' })).toEqual(['points is no whole number']);
    expect(missing({ ...fine, points: 'many' })).toEqual(['points is no number']);
    expect(missing({ ...fine, note: 'long' })).toEqual(['note is too long']);
  });

  it('keeps what was put in while it is still asked for, and the last answer counts', () => {
    const drafts = createDrafts();
    const tier = input('tier', { type: 'static_select', options: OPTIONS });
    const note = input('note', { type: 'plain_text_input', action_id: 'text' });
    drafts.put('V1', drafts.merged('V1', [tier, note], { pick: 'b', note: 'first' }));
    drafts.put('V1', drafts.merged('V1', [tier, note], { text: 'second' }));
    expect(drafts.merged('V1', [tier, note])).toEqual({ 'tier/pick': 'b', 'note/text': 'second' });
    const fewer = input('tier', { type: 'static_select', options: OPTIONS.slice(0, 1) });
    expect(drafts.merged('V1', [fewer])).toEqual({});
    expect(drafts.merged('V2', [tier])).toEqual({});
  });

  it('tells apart inputs that share an id, and refuses an answer to none', () => {
    const blocks = ['a', 'b'].map((id) => input(id, { type: 'plain_text_input' }));
    expect(() => stateValues(blocks, { pick: 'x' })).toThrow('2 inputs are called pick');
    expect(() => stateValues(blocks, { other: 'x' })).toThrow('0 inputs are called other');
    expect(stateValues(blocks, { 'b/pick': 'x' })).toMatchObject({ b: { pick: { value: 'x' } } });
  });
});
