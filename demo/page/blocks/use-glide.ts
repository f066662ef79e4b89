import { type RefObject, useLayoutEffect, useRef } from 'react';

const GLIDE_MS = 320;

/**
 * Lets rows that changed places glide there, so that a re-ranked board is seen to move. Nothing moves
 * for people who asked their system for less motion.
 */
export function useGlide(list: RefObject<HTMLElement | null>, keys: string[]): void {
  const before = useRef(new Map<string, number>());
  const order = keys.join(' ');
  const lastOrder = useRef(order);
  useLayoutEffect(() => {
    const rows = [...(list.current?.children ?? [])] as HTMLElement[];
    const moved =
      lastOrder.current !== order && !matchMedia('(prefers-reduced-motion: reduce)').matches;
    lastOrder.current = order;
    const now = new Map<string, number>();
    for (const row of rows) {
      const key = row.dataset.key ?? '';
      now.set(key, row.offsetTop);
      const from = before.current.get(key);
      if (!moved) continue;
      if (from === undefined) row.animate({ opacity: [0, 1] }, GLIDE_MS);
      else if (from !== row.offsetTop) {
        row.animate(
          { transform: [`translateY(${from - row.offsetTop}px)`, 'none'] },
          { duration: GLIDE_MS, easing: 'cubic-bezier(.2,.8,.2,1)' },
        );
      }
    }
    before.current = now;
  });
}
