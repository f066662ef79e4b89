import { useMemo, useState } from 'react';
import type {
  PageChannel,
  PageMessage,
  PagePerson,
  PageShortcut,
} from '../../server/page-state.ts';
import { mrkdwnToLine, mrkdwnToWords } from '../blocks/mrkdwn.ts';
import { usePlaces } from '../blocks/places.ts';
import { AppTabs } from './app-tabs.tsx';
import { Composer } from './composer.tsx';
import { Icon } from './icon.tsx';
import { Message } from './message.tsx';
import { Thread } from './thread.tsx';
import { useReadingPlace } from './use-reading-place.ts';

interface Props {
  channel: PageChannel;
  me: PagePerson;
  shortcuts: PageShortcut[];
  onPlace: (place: string) => void;
}

export function Conversation({ channel, me, shortcuts, onPlace }: Props) {
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const messages = useMemo(
    () => channel.messages.filter(({ ts }) => !dismissed.has(ts)),
    [channel.messages, dismissed],
  );
  const { scroller, below, showBelow, goToEnd } = useReadingPlace(messages);
  const { names } = usePlaces();
  const shown = new Set(messages.map(({ ts }) => ts));
  // A reply whose first message is gone stands for itself.
  const isShownItself = ({ threadTs }: PageMessage) => threadTs === null || !shown.has(threadTs);
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
        {messages.filter(isShownItself).map((message) => (
          <div key={`${message.ephemeral}:${message.ts}`}>
            <Message
              message={message}
              channelId={channel.id}
              shortcuts={shortcuts}
              onDismiss={() => setDismissed((before) => new Set(before).add(message.ts))}
            />
            <Thread
              replies={messages.filter(({ threadTs }) => threadTs === message.ts)}
              channelId={channel.id}
              shortcuts={shortcuts}
            />
          </div>
        ))}
      </div>
      <p className="quiet" aria-live="polite" data-testid="spoken">
        {mrkdwnToWords(privates.at(-1)?.text ?? '', names)}
      </p>
      {below === null ? null : (
        <button type="button" className="below" data-testid="below" onClick={showBelow}>
          <strong>{below.ephemeral ? 'Only visible to you: ' : 'New: '}</strong>
          <span>{shortened(mrkdwnToLine(below.text, names))}</span>
          <Icon name="down" />
        </button>
      )}
      <Composer onRun={goToEnd} channelId={channel.id} placeName={channel.name} me={me} />
    </section>
  );
}

const TEASER = 80;

/** The whole of it is a click away. */
function shortened(line: string): string {
  if (line.length <= TEASER) return line;
  return `${line.slice(0, TEASER).replace(/\s+\S*$/, '')} …`;
}
