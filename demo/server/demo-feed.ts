import type { PageClick, PageCrmLead, PageReply, PageState, SurfaceValues } from './page-state.ts';

/** What the page server shows and does, whatever is behind it. */
export interface DemoFeed {
  /** The workspace as this person sees it; an unknown or absent id is the first person. */
  state(as: string | null): PageState;
  /** Called after every change that some person can see; returns the function that stops it. */
  onChange(listener: () => void): () => void;
  click(click: PageClick): Promise<PageReply>;
  command(as: string, channel: string, text: string): Promise<PageReply>;
  /** A message shortcut: `callbackId` on one message. */
  shortcut(as: string, channel: string, ts: string, callbackId: string): Promise<PageReply>;
  submit(as: string, viewId: string, values: SurfaceValues): Promise<PageReply>;
  close(as: string, viewId: string): Promise<PageReply>;
  openHome(as: string): Promise<PageReply>;
}

/** The CRM records beside the workspace. */
export interface CrmFeed {
  leads(): PageCrmLead[];
  onChange(listener: () => void): () => void;
}
