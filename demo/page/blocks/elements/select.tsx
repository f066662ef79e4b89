import type { ElementValue } from '../../../server/page-state.ts';
import { type AnyElement, initialValue } from '../initial-values.ts';
import { usePlaces } from '../places.ts';
import { plainText, type TextObject } from '../slack-text.tsx';
import { type ElementSlot, useElement } from '../surface.ts';
import type { Option, OptionGroup } from './shapes.ts';

interface SelectJson {
  type: string;
  action_id?: string;
  placeholder?: TextObject;
  options?: Option[];
  option_groups?: OptionGroup[];
}

interface Choice {
  value: string;
  label: string;
  group: string | null;
  option: Option | null;
}

/** Every select menu as the browser's own: it works with any keyboard, phone and screen reader. */
export function Select({ element, slot }: { element: AnyElement; slot: ElementSlot }) {
  const select = element as unknown as SelectJson;
  const choices = useChoices(select);
  const isMany = select.type.startsWith('multi_');
  const initial = initialValue(element) ?? { type: select.type };
  const { value, pending, change } = useElement(slot, select.action_id ?? '', initial);
  const selected = selectedValues(value);
  const placeholder = plainText(select.placeholder) || 'Choose';
  return (
    <select
      className={isMany ? 'select many' : 'select'}
      data-action-id={select.action_id}
      aria-labelledby={slot.labelledBy}
      aria-label={slot.labelledBy === undefined ? placeholder : undefined}
      aria-describedby={slot.describedBy}
      aria-busy={pending}
      multiple={isMany}
      value={isMany ? selected : (selected[0] ?? '')}
      onChange={(event) => {
        const picked = [...event.target.selectedOptions].map((option) => option.value);
        change(withSelection(select.type, choices, picked));
      }}
    >
      {isMany ? null : (
        <option value="" disabled>
          {placeholder}
        </option>
      )}
      <ChoiceOptions choices={choices} />
    </select>
  );
}

function ChoiceOptions({ choices }: { choices: Choice[] }) {
  const groups = [...new Set(choices.map(({ group }) => group))];
  return groups.map((group) => {
    const options = choices
      .filter((choice) => choice.group === group)
      .map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ));
    return group === null ? (
      options
    ) : (
      <optgroup key={group} label={group}>
        {options}
      </optgroup>
    );
  });
}

function useChoices(select: SelectJson): Choice[] {
  const { names } = usePlaces();
  if (select.type.includes('users')) {
    return names.users.map(({ id, name }) => ({
      value: id,
      label: name,
      group: null,
      option: null,
    }));
  }
  if (select.type.startsWith('channels') || select.type.startsWith('conversations')) {
    return names.channels.map(({ id, name }) => ({
      value: id,
      label: `#${name}`,
      group: null,
      option: null,
    }));
  }
  const toChoice = (option: Option, group: string | null): Choice => ({
    value: option.value ?? option.text.text,
    label: plainText(option.text),
    group,
    option,
  });
  const grouped = (select.option_groups ?? []).flatMap(({ label, options }) =>
    options.map((option) => toChoice(option, plainText(label))),
  );
  return [...(select.options ?? []).map((option) => toChoice(option, null)), ...grouped];
}

function withSelection(type: string, choices: Choice[], picked: string[]): ElementValue {
  const options = choices.filter(({ value }) => picked.includes(value)).map(({ option }) => option);
  const first = picked[0] ?? null;
  switch (type) {
    case 'users_select':
      return { type, selected_user: first };
    case 'multi_users_select':
      return { type, selected_users: picked };
    case 'channels_select':
      return { type, selected_channel: first };
    case 'conversations_select':
      return { type, selected_conversation: first };
    case 'multi_static_select':
      return { type, selected_options: options };
    default:
      return { type, selected_option: options[0] ?? null };
  }
}

function selectedValues(value: ElementValue): string[] {
  const optionValue = (option: unknown) => (option as Option | null)?.value ?? '';
  if ('selected_option' in value)
    return value.selected_option === null ? [] : [optionValue(value.selected_option)];
  if ('selected_options' in value) return (value.selected_options as unknown[]).map(optionValue);
  if ('selected_users' in value) return value.selected_users as string[];
  const single = value.selected_user ?? value.selected_channel ?? value.selected_conversation;
  return typeof single === 'string' ? [single] : [];
}
