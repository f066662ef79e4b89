import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';

export interface MenuItem {
  key: string;
  label: string;
  onChoose: () => void;
}

interface Props {
  label: string;
  className: string;
  items: MenuItem[];
  busy?: boolean;
  actionId?: string;
}

/** A button that opens a list of actions, for pointer, keyboard and screen reader. */
export function Menu({ label, className, items, busy = false, actionId }: Props) {
  const [isOpen, setOpen] = useState(false);
  const host = useRef<HTMLDivElement>(null);
  const menuId = useId();
  useCloseOutside(host, isOpen, () => setOpen(false));
  useEffect(() => {
    if (isOpen) host.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }, [isOpen]);
  const close = () => {
    setOpen(false);
    host.current?.querySelector('button')?.focus();
  };
  return (
    <div className="overflow" ref={host}>
      <button
        type="button"
        className={className}
        data-action-id={actionId}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? menuId : undefined}
        aria-busy={busy}
        onClick={() => setOpen(!isOpen)}
      >
        <span aria-hidden="true">•••</span>
      </button>
      {isOpen ? (
        <div
          role="menu"
          id={menuId}
          className="menu"
          tabIndex={-1}
          onKeyDown={(event) => onMenuKey(event, close)}
        >
          {items.map((item) => (
            <button
              type="button"
              role="menuitem"
              key={item.key}
              onClick={() => {
                close();
                item.onChoose();
              }}
            >
              {item.label}
            </button>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function onMenuKey(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  if (event.key === 'Escape') {
    event.stopPropagation();
    close();
  } else if (event.key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
  else if (event.key === 'ArrowUp') items.at(at - 1)?.focus();
  else return;
  event.preventDefault();
}

function useCloseOutside(
  host: { current: HTMLElement | null },
  active: boolean,
  close: () => void,
): void {
  useEffect(() => {
    if (!active) return;
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && !host.current?.contains(event.target)) close();
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  });
}
