import { type AnyElement, contentOf, initialValue, valueWith } from '../initial-values.ts';
import { type ElementSlot, useElement } from '../surface.ts';

const KINDS: Record<string, { input: string; label: string }> = {
  datepicker: { input: 'date', label: 'Date' },
  timepicker: { input: 'time', label: 'Time' },
  datetimepicker: { input: 'datetime-local', label: 'Date and time' },
};

/** Date, time, or both, by the browser's own picker. */
export function DateInput({ element, slot }: { element: AnyElement; slot: ElementSlot }) {
  const { type, action_id: actionId = '', timezone } = element;
  const { value, pending, change } = useElement(slot, actionId, initialValue(element) ?? { type });
  const kind = KINDS[type];
  const content = contentOf(value);
  const isInstant = type === 'datetimepicker';
  const read = (typed: string) => (isInstant ? toSeconds(typed) : typed);
  return (
    <>
      <input
        id={slot.id}
        className="text-input"
        type={kind?.input}
        data-action-id={actionId}
        aria-labelledby={slot.labelledBy}
        aria-label={slot.labelledBy === undefined ? kind?.label : undefined}
        aria-describedby={slot.describedBy}
        aria-busy={pending}
        value={typeof content === 'number' ? toLocalInput(content) : String(content ?? '')}
        onChange={({ target }) =>
          change(valueWith(type, target.value === '' ? null : read(target.value)))
        }
      />
      {timezone === undefined ? null : <span className="hint">{String(timezone)}</span>}
    </>
  );
}

function toSeconds(typed: string): number {
  return Math.floor(new Date(typed).getTime() / 1000);
}

function toLocalInput(seconds: number): string {
  const date = new Date(seconds * 1000);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
