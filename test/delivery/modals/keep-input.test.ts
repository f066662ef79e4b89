import type { ViewOutput } from '@slack/bolt';
import type { InputBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { validateView } from '../../../demo/slack/validate-view.ts';
import { keepInput } from '../../../src/delivery/modals/keep-input.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const options = ['a', 'b'].map((value) => ({ text: plain(`Option ${value}`), value }));

/** Element, what Slack reports that it holds, and the initial value that keeps it there. */
const KEPT: readonly (readonly [InputBlock['element'], object, object])[] = [
  [{ type: 'plain_text_input' }, { value: 'note' }, { initial_value: 'note' }],
  [
    { type: 'checkboxes', options },
    { selected_options: [options[1]] },
    { initial_options: [options[1]] },
  ],
  [
    { type: 'multi_static_select', options },
    { selected_options: options },
    { initial_options: options },
  ],
  [{ type: 'users_select' }, { selected_user: 'U1' }, { initial_user: 'U1' }],
  [{ type: 'multi_users_select' }, { selected_users: ['U1'] }, { initial_users: ['U1'] }],
  [
    { type: 'conversations_select' },
    { selected_conversation: 'C1' },
    { initial_conversation: 'C1' },
  ],
  [{ type: 'channels_select' }, { selected_channel: 'C1' }, { initial_channel: 'C1' }],
  [{ type: 'datepicker' }, { selected_date: '2026-03-02' }, { initial_date: '2026-03-02' }],
  [{ type: 'timepicker' }, { selected_time: '07:30' }, { initial_time: '07:30' }],
  [
    { type: 'datetimepicker' },
    { selected_date_time: 1_772_440_200 },
    { initial_date_time: 1_772_440_200 },
  ],
];

function kept(element: InputBlock['element'], state: object): unknown {
  const block = { type: 'input', block_id: 'i', label: plain('Label'), element };
  const submitted = {
    title: plain('Form'),
    close: null,
    submit: plain('Save'),
    callback_id: 'form',
    private_metadata: '',
    blocks: [block],
    state: { values: { i: { pick: { type: element.type, ...state } } } },
  };
  const again = keepInput(submitted as unknown as ViewOutput, 'Not recorded, please try again');
  expect(validateView(again)).toEqual([]);
  return again.blocks.flatMap((each) => ('element' in each ? [each.element] : [])).at(-1);
}

describe('a form that is shown again', () => {
  it.each(KEPT)('keeps what %o held', (element, state, initial) => {
    expect(kept(element, state)).toEqual({ ...element, ...initial });
  });

  it.each(KEPT)('keeps %o empty when it was emptied', (element, state, initial) => {
    const emptied = Object.fromEntries(
      Object.entries(state).map(([key, held]) => [key, Array.isArray(held) ? [] : null]),
    );
    const before = { ...element, ...initial } as InputBlock['element'];
    expect(kept(before, emptied)).toEqual(element);
  });
});
