import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { PageMessage } from '../../server/page-state.ts';

const NEAR_BOTTOM_PX = 80;
/** A message with this many rows of buttons is a board: the place to begin. */
const BOARD_ROWS = 4;

interface ReadingPlace {
  scroller: RefObject<HTMLDivElement | null>;
  /** The newest message that came while the reader was further up. */
  below: PageMessage | null;
  showBelow: () => void;
  /** Whoever asks something wants to read the answer. */
  goToEnd: () => void;
}

/**
 * Where the reader is in a channel. It opens on its board, else at its end; a new message scrolls into
 * sight only for a reader who is at the end, and is announced to everybody else.
 */
export function useReadingPlace(messages: PageMessage[]): ReadingPlace {
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const known = useRef<Set<string> | null>(null);
  const [below, setBelow] = useState<PageMessage | null>(null);
  const showBelow = useCallback(() => {
    setBelow(null);
    showMessage(scroller.current, below);
  }, [below]);
  const goToEnd = useCallback(() => {
    scroller.current?.scrollTo(0, scroller.current.scrollHeight);
    isAtEnd.current = true;
  }, []);
  useEffect(() => {
    const node = scroller.current;
    const onScroll = () => {
      isAtEnd.current = node !== null && distanceToEnd(node) < NEAR_BOTTOM_PX;
      if (isAtEnd.current) setBelow(null);
    };
    node?.addEventListener('scroll', onScroll, { passive: true });
    return () => node?.removeEventListener('scroll', onScroll);
  }, []);
  useLayoutEffect(() => {
    const node = scroller.current;
    if (node === null || messages.length === 0) return;
    const before = known.current;
    known.current = new Set(messages.map(keyOf));
    if (before === null) {
      showMessage(node, messages.findLast(isBoard) ?? messages.at(-1));
      isAtEnd.current = distanceToEnd(node) < NEAR_BOTTOM_PX;
      return;
    }
    // As in Slack, a reply in a thread announces itself in the thread only.
    const fresh = messages.findLast(
      (message) => message.threadTs === null && !before.has(keyOf(message)),
    );
    if (fresh === undefined) return;
    if (isAtEnd.current) showMessage(node, fresh);
    else setBelow(fresh);
  }, [messages]);
  return { scroller, below, showBelow, goToEnd };
}

function keyOf({ ts, ephemeral }: PageMessage): string {
  return `${ephemeral}:${ts}`;
}

function isBoard({ blocks }: PageMessage): boolean {
  return blocks.filter(({ type }) => type === 'actions').length >= BOARD_ROWS;
}

function distanceToEnd(node: HTMLElement): number {
  return node.scrollHeight - node.scrollTop - node.clientHeight;
}

/** A message taller than the window is read from its top, a shorter one stands at the end. */
function showMessage(scroller: HTMLElement | null, message: PageMessage | null | undefined): void {
  if (!message) return;
  const shown = scroller?.querySelector<HTMLElement>(`[data-ts="${CSS.escape(message.ts)}"]`);
  if (shown) scroller?.scrollTo(0, shown.offsetTop - scroller.offsetTop - 8);
}
