import { type AnyElement, initialValue } from '../initial-values.ts';
import { type ElementSlot, useElement } from '../surface.ts';

/** Date, time, or both, by the browser's own picker. */
export function DateInput({ element, slot }: { element: AnyElement; slot: ElementSlot }) {
  const { type, action_id: actionId = '' } = element;
  const { value, pending, change } = useElement(slot, actionId, initialValue(element) ?? { type });
  const common = {
    className: 'text-input',
    'data-action-id': actionId,
    'aria-labelledby': slot.labelledBy,
    'aria-label': slot.labelledBy === undefined ? 'Date' : undefined,
    'aria-describedby': slot.describedBy,
    'aria-busy': pending,
  };
  if (type === 'datetimepicker') {
    const seconds = value.selected_date_time;
    return (
      <input
        {...common}
        type="datetime-local"
        value={typeof seconds === 'number' ? toLocalInput(seconds) : ''}
        onChange={({ target }) =>
          change({
            type,
            selected_date_time:
              target.value === '' ? null : Math.floor(new Date(target.value).getTime() / 1000),
          })
        }
      />
    );
  }
  const key = type === 'datepicker' ? 'selected_date' : 'selected_time';
  return (
    <input
      {...common}
      type={type === 'datepicker' ? 'date' : 'time'}
      value={String(value[key] ?? '')}
      onChange={({ target }) => change({ type, [key]: target.value === '' ? null : target.value })}
    />
  );
}

function toLocalInput(seconds: number): string {
  const date = new Date(seconds * 1000);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
