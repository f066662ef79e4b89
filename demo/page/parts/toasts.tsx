import { useLayoutEffect, useRef } from 'react';
import type { Toast } from '../state/use-acting.ts';
import { Icon } from './icon.tsx';

interface Props {
  toasts: Toast[];
  onDismiss: (id: number) => void;
}

/** A popover, shown anew with each toast, so that it stays above a modal that opened in between. */
export function Toasts({ toasts, onDismiss }: Props) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    host.current?.hidePopover();
    if (toasts.length > 0) host.current?.showPopover();
  }, [toasts]);
  return (
    <div className="toasts" popover="manual" ref={host} data-testid="toasts">
      {toasts.map((toast) => (
        <p
          key={toast.id}
          className={`toast ${toast.kind}`}
          role={toast.kind === 'problem' ? 'alert' : 'status'}
        >
          {toast.text}
          <button
            type="button"
            className="chrome"
            aria-label="Dismiss"
            onClick={() => onDismiss(toast.id)}
          >
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  );
}
