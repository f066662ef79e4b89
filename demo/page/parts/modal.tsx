import { useEffect, useMemo, useRef, useState } from 'react';
import type { PageView } from '../../server/page-state.ts';
import { BlockList } from '../blocks/block-list.tsx';
import { BlockSurface } from '../blocks/block-surface.tsx';
import { missingInputs } from '../blocks/missing-inputs.ts';
import { useSurface } from '../blocks/surface.ts';
import { useActor } from '../state/actor.ts';
import { Icon } from './icon.tsx';

/** The top of the modal stack. The browser's dialog keeps the focus inside and gives it back. */
export function Modal({ view, depth }: { view: PageView; depth: number }) {
  const actor = useActor();
  const dialog = useRef<HTMLDialogElement>(null);
  const [missing, setMissing] = useState<Record<string, string>>({});
  const errors = useMemo(() => ({ ...view.errors, ...missing }), [view.errors, missing]);
  const surface = useMemo(() => ({ kind: 'view' as const, viewId: view.id }), [view.id]);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => void actor.close(view.id);
  return (
    <dialog
      ref={dialog}
      className="modal"
      aria-label={view.title}
      data-testid="modal"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <header>
        <h2>{view.title}</h2>
        <button type="button" className="chrome" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <BlockSurface surface={surface} blocks={view.blocks} errors={errors}>
        <div className="modal-body">
          <BlockList blocks={view.blocks} />
        </div>
        <footer>
          <button type="button" className="button" onClick={close}>
            {view.close ?? (depth > 1 ? 'Back' : 'Close')}
          </button>
          {view.submit === null ? null : (
            <SubmitButton view={view} label={view.submit} onMissing={setMissing} />
          )}
        </footer>
      </BlockSurface>
    </dialog>
  );
}

interface SubmitProps {
  view: PageView;
  label: string;
  onMissing: (missing: Record<string, string>) => void;
}

function SubmitButton({ view, label, onMissing }: SubmitProps) {
  const actor = useActor();
  const { values } = useSurface();
  const [pending, setPending] = useState(false);
  const submit = async () => {
    if (pending) return;
    const missing = missingInputs(view.blocks, values);
    onMissing(missing);
    if (Object.keys(missing).length > 0) return;
    setPending(true);
    await actor.submit(view.id, values);
    setPending(false);
  };
  return (
    <button
      type="button"
      className="button primary"
      aria-busy={pending}
      aria-disabled={pending}
      onClick={submit}
    >
      {label}
    </button>
  );
}
