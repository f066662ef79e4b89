import { useLayoutEffect, useRef } from 'react';
import { type Block, Message } from 'slack-blocks-to-jsx';
import { usePlaces } from './places.ts';

/**
 * Display blocks as slack-blocks-to-jsx renders them. The library gives every message the same
 * element id; the page keeps that id once, on its root, so that the style sheet still applies. Its
 * fonts and colours are off: the page's own follow the theme.
 */
export function LibraryBlocks({ blocks }: { blocks: Block[] }) {
  const places = usePlaces();
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    for (const node of host.current?.querySelectorAll('#slack_blocks_to_jsx') ?? []) {
      node.removeAttribute('id');
    }
  });
  return (
    <div className="library-blocks" ref={host}>
      <Message
        blocks={blocks}
        name="First Call"
        logo=""
        theme={places.theme}
        withoutWrapper
        unstyled
        data={places.names}
        hooks={{
          link: ({ href, children }) => (
            <a className="text-link" href={href} target="_blank" rel="noreferrer noopener">
              {children}
            </a>
          ),
        }}
      />
    </div>
  );
}
