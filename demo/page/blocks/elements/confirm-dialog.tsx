import { useEffect, useRef } from 'react';
import { plainText, SlackText } from '../slack-text.tsx';
import type { Confirm } from './shapes.ts';

interface Props {
  confirm: Confirm;
  onAnswer: (yes: boolean) => void;
}

export function ConfirmDialog({ confirm, onAnswer }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const title = plainText(confirm.title) || 'Are you sure?';
  return (
    <dialog
      ref={dialog}
      className="confirm"
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onAnswer(false);
      }}
    >
      <h2>{title}</h2>
      <SlackText text={confirm.text} />
      <footer>
        <button type="button" className="button" onClick={() => onAnswer(false)}>
          {plainText(confirm.deny) || 'Cancel'}
        </button>
        <button
          type="button"
          className={`button ${confirm.style === 'danger' ? 'danger' : 'primary'}`}
          onClick={() => onAnswer(true)}
        >
          {plainText(confirm.confirm) || 'Yes'}
        </button>
      </footer>
    </dialog>
  );
}
