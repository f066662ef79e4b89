import type { ViewOutput, ViewStateValue } from '@slack/bolt';
import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { plain, section } from '../blocks/kit.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { LABELS } from '../text/words.ts';

const NOTICE = 'notice';

/** Block id, action id, what was entered there. */
export type Entered = ViewOutput['state']['values'];

/** The modal as it was submitted, with what was entered and a line above that says what happened. */
export function keepInput(view: ViewOutput, notice: string): ModalView {
  const blocks = view.blocks.filter(isKnown).filter((block) => block.block_id !== NOTICE);
  return {
    type: 'modal',
    callback_id: view.callback_id,
    private_metadata: view.private_metadata,
    title: plain(view.title.text, SLACK_LIMITS.modalTitle),
    close: plain(view.close?.text ?? LABELS.cancel, SLACK_LIMITS.modalButton),
    submit: plain(view.submit?.text ?? LABELS.save, SLACK_LIMITS.modalButton),
    blocks: [section(`*${notice}*`, NOTICE), ...blocks.map((block) => withState(block, view))],
  };
}

/**
 * A form drawn anew with what was entered in the old one, where it still fits, and a line above. Options are
 * found wherever they are now.
 */
export function refill(fresh: ModalView, entered: Entered, notice: string): ModalView {
  const states = Object.entries(entered);
  const stateOf = (blockId: string): ViewStateValue | undefined => {
    const parts = states
      .filter(([id]) => withoutPart(id) === withoutPart(blockId))
      .flatMap(([, inputs]) => Object.values(inputs));
    const [first] = parts;
    const ticked = parts.flatMap((part) => part.selected_options ?? []);
    return first === undefined ? undefined : { ...first, selected_options: ticked };
  };
  const blocks = fresh.blocks.map((block) => {
    if (block.type !== 'input' || !('element' in block)) return block;
    const state = stateOf(block.block_id ?? '');
    return state === undefined ? block : { ...block, element: filled(block.element, state) };
  });
  return { ...fresh, blocks: [section(`*${notice}*`, NOTICE), ...blocks] };
}

/** Boxes go over several blocks, numbered from the second on. */
function withoutPart(blockId: string): string {
  return blockId.replace(/_\d+$/, '');
}

function isKnown(block: { type: string; block_id?: string }): block is KnownBlock {
  return ['section', 'context', 'divider', 'rich_text', 'input', 'header'].includes(block.type);
}

function withState(block: KnownBlock, view: ViewOutput): KnownBlock {
  if (block.type !== 'input') return block;
  const states = Object.values(view.state.values[block.block_id ?? ''] ?? {});
  const [state] = states;
  return state === undefined ? block : { ...block, element: filled(block.element, state) };
}

/** Options are matched by value: Slack wants exactly one of those on offer. */
function filled(element: InputBlock['element'], state: ViewStateValue): InputBlock['element'] {
  const picked = state.selected_option?.value;
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input': {
      const { initial_value: _before, ...rest } = element;
      return state.value ? { ...rest, initial_value: state.value } : rest;
    }
    case 'radio_buttons': {
      const found = element.options.find((each) => each.value === picked);
      const { initial_option: _before, ...rest } = element;
      return found === undefined ? rest : { ...rest, initial_option: found };
    }
    case 'static_select': {
      const all = element.options ?? element.option_groups?.flatMap((group) => group.options) ?? [];
      const found = all.find((each): each is PlainTextOption => each.value === picked);
      const { initial_option: _before, ...rest } = element;
      return found === undefined ? rest : { ...rest, initial_option: found };
    }
    case 'checkboxes': {
      const values = new Set(state.selected_options?.map((each) => each.value));
      const found = element.options.filter(({ value }) => value !== undefined && values.has(value));
      const { initial_options: _before, ...rest } = element;
      return found.length === 0 ? rest : { ...rest, initial_options: found };
    }
    default:
      return pickedAgain(element, state);
  }
}

/** What was picked, under the name that the element has for it; ids and moments need no option to be among. */
function pickedAgain(element: InputBlock['element'], state: ViewStateValue): InputBlock['element'] {
  switch (element.type) {
    case 'users_select':
      return withInitial(element, { initial_user: state.selected_user });
    case 'multi_users_select':
      return withInitial(element, { initial_users: state.selected_users });
    case 'conversations_select':
      return withInitial(element, { initial_conversation: state.selected_conversation });
    case 'channels_select':
      return withInitial(element, { initial_channel: state.selected_channel });
    case 'datepicker':
      return withInitial(element, { initial_date: state.selected_date });
    case 'timepicker':
      return withInitial(element, { initial_time: state.selected_time });
    case 'datetimepicker':
      return withInitial(element, { initial_date_time: state.selected_date_time });
    case 'multi_static_select': {
      const values = new Set(state.selected_options?.map((each) => each.value));
      const found = element.options?.filter(({ value }) => value && values.has(value));
      return withInitial(element, { initial_options: found });
    }
    default:
      return element;
  }
}

/** With this for an initial value, or with none: Slack takes neither null nor an empty list. */
function withInitial<E extends InputBlock['element']>(
  element: E,
  initial: { [K in keyof E]?: E[K] | null | undefined },
): E {
  const next = { ...element, ...initial };
  for (const key of Object.keys(initial)) {
    const value = Reflect.get(next, key);
    if (!value || (Array.isArray(value) && value.length === 0)) Reflect.deleteProperty(next, key);
  }
  return next;
}
