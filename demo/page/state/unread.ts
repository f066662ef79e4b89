import { useEffect, useMemo, useState } from 'react';
import type { PageChannel, PageState } from '../../server/page-state.ts';

type ReadMarks = Record<string, string>;

function newestTs(channel: PageChannel): string {
  return (
    channel.messages
      .map(({ ts }) => ts)
      .toSorted()
      .at(-1) ?? '0'
  );
}

/**
 * Unread messages by channel id. Marks are kept per person for the life of the page; the channel
 * that is open counts as read. An edited message does not become unread again, as in Slack.
 */
export function useUnread(state: PageState | null, openChannelId: string | null) {
  const [marks, setMarks] = useState<ReadMarks>({});
  useEffect(() => {
    const open = state?.channels.find(({ id }) => id === openChannelId);
    if (state === null || open === undefined) return;
    const key = `${state.me.id}:${open.id}`;
    const newest = newestTs(open);
    setMarks((before) => (before[key] === newest ? before : { ...before, [key]: newest }));
  }, [state, openChannelId]);
  return useMemo(() => {
    const counts = new Map<string, number>();
    for (const channel of state?.channels ?? []) {
      const mark = marks[`${state?.me.id}:${channel.id}`] ?? '0';
      counts.set(channel.id, channel.messages.filter(({ ts }) => ts > mark).length);
    }
    return counts;
  }, [state, marks]);
}
