import type { PageMessage, PageShortcut } from '../../server/page-state.ts';
import { Message } from './message.tsx';

interface Props {
  /** Oldest first. */
  replies: PageMessage[];
  channelId: string;
  shortcuts: PageShortcut[];
}

/** What was replied to a message, below it; Slack shows these beside the channel. */
export function Thread({ replies, channelId, shortcuts }: Props) {
  if (replies.length === 0) return null;
  return (
    <details className="thread" data-testid="thread" open>
      <summary>{replies.length === 1 ? '1 reply' : `${replies.length} replies`}</summary>
      {replies.map((reply) => (
        <Message
          key={reply.ts}
          message={reply}
          channelId={channelId}
          shortcuts={shortcuts}
          onDismiss={() => undefined}
          isReply
        />
      ))}
    </details>
  );
}
