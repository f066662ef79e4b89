import { useState } from 'react';
import type { AnyElement } from '../initial-values.ts';
import { plainText, type TextObject } from '../slack-text.tsx';
import { type ElementSlot, useElement } from '../surface.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import type { Confirm } from './shapes.ts';

interface ButtonJson {
  text: TextObject;
  action_id?: string;
  value?: string;
  url?: string;
  style?: string;
  confirm?: Confirm;
  accessibility_label?: string;
}

export function ButtonElement({ element, slot }: { element: AnyElement; slot: ElementSlot }) {
  const button = element as unknown as ButtonJson;
  const { pending, send } = useElement(slot, button.action_id ?? '', { type: 'button' });
  const [asking, setAsking] = useState(false);
  const press = () => {
    void send({
      type: 'button',
      text: button.text,
      ...(button.value === undefined ? {} : { value: button.value }),
    });
    if (button.url?.startsWith('http')) open(button.url, '_blank', 'noreferrer');
  };
  return (
    <>
      <button
        type="button"
        className={`button ${button.style ?? ''}`}
        data-action-id={button.action_id}
        aria-label={button.accessibility_label}
        aria-busy={pending}
        aria-disabled={pending}
        onClick={() => {
          if (pending) return;
          if (button.confirm === undefined) press();
          else setAsking(true);
        }}
      >
        {plainText(button.text)}
        {button.url === undefined ? null : <span aria-hidden="true"> ↗</span>}
      </button>
      {asking && button.confirm !== undefined ? (
        <ConfirmDialog
          confirm={button.confirm}
          onAnswer={(yes) => {
            setAsking(false);
            if (yes) press();
          }}
        />
      ) : null}
    </>
  );
}
