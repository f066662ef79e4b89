import { useId } from 'react';
import type { BlockJson } from './block-json.ts';
import { BlockElement } from './elements/element.tsx';
import { plainText } from './slack-text.tsx';
import { useSurface } from './surface.ts';

/** A labelled input of a modal, with its hint and what the app found wrong with it. */
export function InputField({ block }: { block: BlockJson }) {
  const { errors } = useSurface();
  const id = useId();
  const blockId = block.block_id ?? '';
  const error = errors[blockId];
  if (block.element === undefined) return null;
  const describedBy = [
    block.hint === undefined ? null : `${id}-hint`,
    error === undefined ? null : `${id}-error`,
  ].filter((one) => one !== null);
  return (
    <div className={error === undefined ? 'field' : 'field invalid'}>
      <label className="label" id={`${id}-label`} htmlFor={id}>
        {plainText(block.label)}
        {block.optional === true ? <span className="optional"> (optional)</span> : null}
      </label>
      <BlockElement
        element={block.element}
        slot={{
          blockId,
          dispatch: block.dispatch_action === true,
          labelledBy: `${id}-label`,
          id,
          ...(describedBy.length === 0 ? {} : { describedBy: describedBy.join(' ') }),
        }}
      />
      {block.hint === undefined ? null : (
        <span className="hint" id={`${id}-hint`}>
          {plainText(block.hint)}
        </span>
      )}
      {error === undefined ? null : (
        <span className="error" id={`${id}-error`} role="alert">
          {error}
        </span>
      )}
    </div>
  );
}
