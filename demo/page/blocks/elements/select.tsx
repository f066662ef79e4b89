import { type AnyElement, contentOf, initialValue, valueWith } from '../initial-values.ts';
import { plainText, type TextObject } from '../slack-text.tsx';
import { type ElementSlot, useElement } from '../surface.ts';
import { type Choice, menuValue, type SelectJson, useChoices } from './use-choices.ts';

/** A select menu as the browser's own: it works with any keyboard, phone and screen reader. */
export function Select({ element, slot }: { element: AnyElement; slot: ElementSlot }) {
  const select = element as unknown as SelectJson & { placeholder?: TextObject };
  const { type, action_id: actionId = '' } = element;
  const choices = useChoices(select);
  const initial = initialValue(element) ?? { type };
  const { value, pending, change } = useElement(slot, actionId, initial);
  const placeholder = plainText(select.placeholder) || 'Choose';
  return (
    <select
      id={slot.id}
      className="select"
      data-action-id={actionId}
      aria-labelledby={slot.labelledBy}
      aria-label={slot.labelledBy === undefined ? placeholder : undefined}
      aria-describedby={slot.describedBy}
      aria-busy={pending}
      value={menuValue(contentOf(value))}
      onChange={({ target }) => {
        const picked = choices.find((choice) => choice.value === target.value);
        change(valueWith(type, picked?.content ?? null));
      }}
    >
      <option value="" disabled>
        {placeholder}
      </option>
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
