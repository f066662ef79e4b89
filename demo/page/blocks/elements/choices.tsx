import { useId } from 'react';
import { type AnyElement, initialValue } from '../initial-values.ts';
import { SlackText } from '../slack-text.tsx';
import { type ElementSlot, useElement } from '../surface.ts';
import type { Option } from './shapes.ts';

/** Checkboxes and radio buttons. */
export function Choices({ element, slot }: { element: AnyElement; slot: ElementSlot }) {
  const { type } = element;
  const { action_id: actionId = '', options } = element as unknown as {
    action_id?: string;
    options: Option[];
  };
  const initial = initialValue(element) ?? { type };
  const { value, pending, change } = useElement(slot, actionId, initial);
  const name = useId();
  const isMany = type === 'checkboxes';
  const selected = isMany
    ? (value.selected_options as Option[])
    : [value.selected_option as Option | null];
  const isSelected = (option: Option) => selected.some((one) => one?.value === option.value);
  const toggle = (option: Option) => {
    if (!isMany) return change({ type, selected_option: option });
    const next = options.filter((one) => (one === option ? !isSelected(one) : isSelected(one)));
    change({ type, selected_options: next });
  };
  return (
    <fieldset
      id={slot.id}
      className="choices"
      data-action-id={actionId}
      aria-labelledby={slot.labelledBy}
      aria-describedby={slot.describedBy}
      aria-busy={pending}
    >
      {options.map((option) => (
        <label key={option.value} className="choice">
          <input
            type={isMany ? 'checkbox' : 'radio'}
            name={name}
            value={option.value}
            checked={isSelected(option)}
            onChange={() => toggle(option)}
          />
          <span>
            <SlackText text={option.text} />
            {option.description === undefined ? null : (
              <span className="hint">
                <SlackText text={option.description} />
              </span>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
