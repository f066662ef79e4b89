import type { AnyBlock } from '@slack/types';
import { useRef } from 'react';
import type { Block } from 'slack-blocks-to-jsx';
import type { BlockJson } from './block-json.ts';
import { blockKeys } from './block-keys.ts';
import { BlockElement } from './elements/element.tsx';
import type { AnyElement } from './initial-values.ts';
import { InputField } from './input-field.tsx';
import { LibraryBlocks } from './library-blocks.tsx';
import { plainText, SlackText } from './slack-text.tsx';
import { useGlide } from './use-glide.ts';

/** The blocks of one message or view, in order; rows that moved glide to their new place. */
export function BlockList({ blocks }: { blocks: AnyBlock[] }) {
  const list = useRef<HTMLDivElement>(null);
  const keys = blockKeys(blocks);
  useGlide(list, keys);
  return (
    <div className="blocks" ref={list}>
      {blocks.map((block, index) => (
        <div
          className={`block block-${block.type}`}
          key={keys[index]}
          data-key={keys[index]}
          data-block-id={block.block_id}
        >
          <OneBlock block={block} />
        </div>
      ))}
    </div>
  );
}

/** Blocks that hold controls or text are laid out here; all others are the library's. */
function OneBlock({ block }: { block: AnyBlock }) {
  const json = block as unknown as BlockJson;
  switch (json.type) {
    case 'section':
      return <Section block={json} />;
    case 'header':
      return <h3 className="header-text">{plainText(json.text)}</h3>;
    case 'context':
      return <Context elements={json.elements ?? []} />;
    case 'divider':
      return <hr />;
    case 'actions':
      return (
        <div className="actions">
          {(json.elements ?? []).map((element, index) => (
            <BlockElement
              key={element.action_id ?? index}
              element={element}
              slot={{ blockId: json.block_id ?? '', dispatch: true }}
            />
          ))}
        </div>
      );
    case 'input':
      return <InputField block={json} />;
    default:
      // Both packages describe the same JSON; their types differ in details only.
      return <LibraryBlocks blocks={[block as unknown as Block]} />;
  }
}

function Section({ block }: { block: BlockJson }) {
  return (
    <div className="section">
      <div className="section-text">
        {block.text === undefined ? null : <SlackText text={block.text} />}
        {block.fields === undefined ? null : (
          <div className="fields">
            {block.fields.map((field) => (
              <SlackText key={field.text} text={field} />
            ))}
          </div>
        )}
      </div>
      {block.accessory === undefined ? null : (
        <div className="accessory">
          <BlockElement
            element={block.accessory}
            slot={{ blockId: block.block_id ?? '', dispatch: true }}
          />
        </div>
      )}
    </div>
  );
}

function Context({ elements }: { elements: AnyElement[] }) {
  return (
    <div className="context">
      {elements.map((element) =>
        element.type === 'image' ? (
          <BlockElement
            key={String(element.image_url)}
            element={element}
            slot={{ blockId: '', dispatch: false }}
          />
        ) : (
          <SlackText
            key={String(element.text)}
            text={{ type: element.type, text: String(element.text) }}
          />
        ),
      )}
    </div>
  );
}
