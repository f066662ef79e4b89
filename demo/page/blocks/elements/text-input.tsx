import type { KeyboardEvent } from 'react';
import { type AnyElement, initialValue } from '../initial-values.ts';
import { plainText, type TextObject } from '../slack-text.tsx';
import { type ElementSlot, useElement } from '../surface.ts';

interface TextInputJson {
  type: string;
  action_id?: string;
  multiline?: boolean;
  max_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  placeholder?: TextObject;
}

const HTML_TYPES: Record<string, string> = {
  number_input: 'number',
  email_text_input: 'email',
  url_text_input: 'url',
};

export function TextInput({ element, slot }: { element: AnyElement; slot: ElementSlot }) {
  const input = element as unknown as TextInputJson;
  const { type, action_id: actionId = '' } = input;
  const initial = initialValue(element) ?? { type };
  const { value, pending, keep, send } = useElement(slot, actionId, initial);
  const text = typeof value.value === 'string' ? value.value : '';
  const toValue = (typed: string) => ({ type, value: typed === '' ? null : typed });
  const common = {
    id: slot.id,
    className: 'text-input',
    'data-action-id': actionId,
    'aria-labelledby': slot.labelledBy,
    'aria-label': slot.labelledBy === undefined ? plainText(input.placeholder) : undefined,
    'aria-describedby': slot.describedBy,
    'aria-busy': pending,
    placeholder: plainText(input.placeholder),
    maxLength: input.max_length,
    value: text,
  };
  if (input.multiline === true) {
    return (
      <textarea {...common} rows={4} onChange={(event) => keep(toValue(event.target.value))} />
    );
  }
  return (
    <input
      {...common}
      type={HTML_TYPES[type] ?? 'text'}
      min={input.min_value}
      max={input.max_value}
      step={input.is_decimal_allowed === true ? 'any' : undefined}
      onChange={(event) => keep(toValue(event.target.value))}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== 'Enter' || !slot.dispatch) return;
        event.preventDefault();
        void send(toValue(text));
      }}
    />
  );
}
