import type { AnyBlock } from '@slack/types';

/*
 * The contract between the demo server and its page: plain JSON, one whole state per person.
 * The page imports it as types only.
 */

export interface PagePerson {
  id: string;
  name: string;
  /** What this person can do in First Call, in words: "Rep", "Manager", "Admin". */
  role: string;
}

export interface PageMessage {
  /** Slack `ts`; for ephemerals the double's own id of the same form. */
  ts: string;
  authorName: string;
  fromApp: boolean;
  /** Fallback text: shown when there are no blocks. */
  text: string;
  blocks: AnyBlock[];
  /** For a reply: the message whose thread it is in. */
  threadTs: string | null;
  /** Only visible to the person that this state is for. */
  ephemeral: boolean;
  edited: boolean;
}

export interface PageChannel {
  id: string;
  name: string;
  /** `app`: the direct messages between this person and First Call. */
  kind: 'channel' | 'app';
  /** Oldest first. */
  messages: PageMessage[];
}

export interface PageView {
  id: string;
  /** Changes with every update of the view. */
  hash: string;
  title: string;
  submit: string | null;
  close: string | null;
  blocks: AnyBlock[];
  /** Block id -> what the app found wrong with that input at the last submission. */
  errors: Record<string, string>;
}

export interface PageCrmLead {
  id: string;
  name: string;
  company: string;
  status: string | null;
  owner: string | null;
  /** Values of First Call's own fields, as stored in the CRM, with a readable label each. */
  written: { label: string; value: string }[];
  score: string | null;
  tier: string | null;
  decision: string | null;
  /** ISO instant of the last change. */
  changedAt: string;
}

export interface PageShortcut {
  callbackId: string;
  name: string;
}

export interface PageState {
  workspaceName: string;
  me: PagePerson;
  people: PagePerson[];
  /** What can be done with any message, from its own menu. */
  shortcuts: PageShortcut[];
  channels: PageChannel[];
  /** The App Home as First Call published it for this person; null before it was opened once. */
  home: PageView | null;
  /** Top of the modal stack. */
  modal: PageView | null;
  modalDepth: number;
  crm: { leads: PageCrmLead[] };
}

export type PageSurface =
  | { kind: 'message'; channel: string; ts: string }
  | { kind: 'view'; viewId: string };

/** What an element holds, in the form in which Slack puts it into `state.values`. */
export type ElementValue = { type: string } & Record<string, unknown>;
/** block id -> action id -> value. */
export type SurfaceValues = Record<string, Record<string, ElementValue>>;

export interface PageClick {
  as: string;
  surface: PageSurface;
  blockId: string;
  actionId: string;
  value: ElementValue;
  values: SurfaceValues;
}

export type PageReply = { ok: true; notice: string | null } | { ok: false; problem: string };
