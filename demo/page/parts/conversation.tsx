import { useLayoutEffect, useRef, useState } from 'react';
import type { PageChannel, PagePerson, PageShortcut } from '../../server/page-state.ts';
import { AppTabs } from './app-tabs.tsx';
import { Composer } from './composer.tsx';
import { Message } from './message.tsx';

interface Props {
  channel: PageChannel;
  me: PagePerson;
  shortcuts: PageShortcut[];
  onPlace: (place: string) => void;
}

const NEAR_BOTTOM_PX = 120;

export function Conversation({ channel, me, shortcuts, onPlace }: Props) {
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const scroller = useStickyScroll(channel.messages.length);
  const messages = channel.messages.filter(({ ts }) => !dismissed.has(ts));
  const privates = messages.filter(({ ephemeral }) => ephemeral);
  return (
    <section className="conversation" aria-label={channel.name} data-testid="conversation">
      <header className="place-header">
        {channel.kind === 'app' ? (
          <AppTabs open="messages" appChannel={channel.id} onPlace={onPlace} />
        ) : (
          <h2>
            <span aria-hidden="true"># </span>
            {channel.name}
          </h2>
        )}
      </header>
      <div className="messages" ref={scroller} role="log" aria-label="Messages" aria-live="off">
        {messages.length === 0 ? (
          <p className="empty">Nothing here yet. Sample leads arrive within a minute or so.</p>
        ) : null}
        {messages.map((message) => (
          <Message
            key={`${message.ephemeral}:${message.ts}`}
            message={message}
            channelId={channel.id}
            shortcuts={shortcuts}
            onDismiss={() => setDismissed((before) => new Set(before).add(message.ts))}
          />
        ))}
      </div>
      <p className="quiet" aria-live="polite" data-testid="spoken">
        {privates.at(-1)?.text ?? ''}
      </p>
      <Composer channelId={channel.id} placeName={channel.name} me={me} />
    </section>
  );
}

/** New messages scroll into sight unless the reader has scrolled up to read. */
function useStickyScroll(count: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const first = useRef(true);
  useLayoutEffect(() => {
    const node = scroller.current;
    if (node === null || count === 0) return;
    const rest = node.scrollHeight - node.scrollTop - node.clientHeight;
    const newest = node.lastElementChild;
    const added = newest instanceof HTMLElement ? newest.offsetHeight : 0;
    if (first.current || rest - added < NEAR_BOTTOM_PX) {
      // A message taller than the window is read from its top.
      const top = newest instanceof HTMLElement ? newest.offsetTop - node.offsetTop - 12 : 0;
      node.scrollTop = Math.min(top, node.scrollHeight - node.clientHeight);
    }
    first.current = false;
  }, [count]);
  return scroller;
}
