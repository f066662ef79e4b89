import { createContext, useContext } from 'react';
import type { PageClick, PageReply, SurfaceValues } from '../../server/page-state.ts';

/** What the person that I am can do; problems and notices reach the screen by themselves. */
export interface Actor {
  click(click: Omit<PageClick, 'as'>): Promise<PageReply>;
  command(channel: string, text: string): Promise<PageReply>;
  shortcut(channel: string, ts: string, callbackId: string): Promise<PageReply>;
  submit(viewId: string, values: SurfaceValues): Promise<PageReply>;
  close(viewId: string): Promise<PageReply>;
  openHome(): Promise<PageReply>;
}

export const ActorContext = createContext<Actor | null>(null);

export function useActor(): Actor {
  const actor = useContext(ActorContext);
  if (actor === null) throw new Error('Nobody is acting: ActorContext is missing.');
  return actor;
}
