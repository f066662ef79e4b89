import { memo, useMemo } from 'react';
import type { PageMessage, PageShortcut } from '../../server/page-state.ts';
import { BlockList } from '../blocks/block-list.tsx';
import { BlockSurface } from '../blocks/block-surface.tsx';
import { SlackText } from '../blocks/slack-text.tsx';
import { useActor } from '../state/actor.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';
import { Menu } from './menu.tsx';

interface Props {
  message: PageMessage;
  channelId: string;
  shortcuts: PageShortcut[];
  onDismiss: () => void;
  isReply?: boolean;
}

export const Message = memo(MessageItem, (before, after) => {
  return JSON.stringify(before.message) === JSON.stringify(after.message);
});

function MessageItem({ message, channelId, shortcuts, onDismiss, isReply = false }: Props) {
  const actor = useActor();
  const { ts } = message;
  const surface = useMemo(
    () => ({ kind: 'message' as const, channel: channelId, ts }),
    [channelId, ts],
  );
  const posted = new Date(Number(ts) * 1000);
  return (
    <article
      className={message.ephemeral ? 'message ephemeral' : 'message'}
      data-testid={testIdOf(message, isReply)}
      data-ts={ts}
      aria-label={`Message from ${message.authorName}`}
    >
      <Avatar name={message.authorName} app={message.fromApp} />
      <div className="message-body">
        {message.ephemeral ? (
          <p className="only-you">
            <Icon name="eye" /> Only visible to you
            <button type="button" className="link" onClick={onDismiss}>
              Dismiss
            </button>
          </p>
        ) : null}
        <p className="byline">
          <strong>{message.authorName}</strong>
          {message.fromApp ? <span className="app-badge">App</span> : null}
          <time dateTime={posted.toISOString()} title={posted.toLocaleString('en')}>
            {posted.toLocaleTimeString('en', { timeStyle: 'short' })}
          </time>
          {message.edited ? <span className="edited">(updated)</span> : null}
        </p>
        <BlockSurface surface={surface} blocks={message.blocks}>
          {message.blocks.length === 0 ? (
            <SlackText text={{ type: 'mrkdwn', text: message.text }} />
          ) : (
            <BlockList blocks={message.blocks} />
          )}
        </BlockSurface>
      </div>
      {message.ephemeral || shortcuts.length === 0 ? null : (
        <div className="message-menu">
          <Menu
            label="Message shortcuts"
            className="chrome"
            items={shortcuts.map(({ name, callbackId }) => ({
              key: callbackId,
              label: name,
              onChoose: () => void actor.shortcut(channelId, ts, callbackId),
            }))}
          />
        </div>
      )}
    </article>
  );
}

function testIdOf({ ephemeral }: PageMessage, isReply: boolean): string {
  if (ephemeral) return 'ephemeral';
  return isReply ? 'reply' : 'message';
}
