import { type AnyElement, contentOf, initialValue, valueWith } from '../initial-values.ts';
import { plainText, type TextObject } from '../slack-text.tsx';
import { type ElementSlot, useElement } from '../surface.ts';
import { menuValue, type SelectJson, useChoices } from './use-choices.ts';

type MultiSelectJson = SelectJson & { placeholder?: TextObject; max_selected_items?: number };

/** A menu of which several can be picked, as boxes to tick: the browser's own loses all of them with one wrong click. */
export function MultiSelect({ element, slot }: { element: AnyElement; slot: ElementSlot }) {
  const select = element as unknown as MultiSelectJson;
  const { type, action_id: actionId = '' } = element;
  const choices = useChoices(select);
  const { value, pending, change } = useElement(slot, actionId, initialValue(element) ?? { type });
  const picked = new Set((contentOf(value) as unknown[] | null)?.map(menuValue));
  const isFull = picked.size >= (select.max_selected_items ?? Infinity);
  const toggle = (toggled: string) => {
    const isNow = (each: string) => picked.has(each) !== (each === toggled);
    const next = choices.filter((choice) => isNow(choice.value)).map(({ content }) => content);
    change(valueWith(type, next));
  };
  return (
    <fieldset
      id={slot.id}
      className="choices many"
      data-action-id={actionId}
      aria-labelledby={slot.labelledBy}
      aria-label={slot.labelledBy === undefined ? plainText(select.placeholder) : undefined}
      aria-describedby={slot.describedBy}
      aria-busy={pending}
    >
      {choices.map((choice) => (
        <label key={choice.value} className="choice">
          <input
            type="checkbox"
            value={choice.value}
            checked={picked.has(choice.value)}
            disabled={isFull && !picked.has(choice.value)}
            onChange={() => toggle(choice.value)}
          />
          <span>{choice.group === null ? choice.label : `${choice.group}: ${choice.label}`}</span>
        </label>
      ))}
    </fieldset>
  );
}
