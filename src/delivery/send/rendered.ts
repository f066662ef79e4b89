import type { EffectPayload } from '../../platform/outbox.ts';
import type { MessageContent } from './lead-board.ts';

/** A lead with the assessment that a message shows (or counts, as in "and 290 more"). */
export interface RankedLead {
  leadId: string;
  assessmentId: string;
}

export interface RenderedBoard extends MessageContent {
  /** Slack's id where the channel's name is known there, so that all messages of a channel share one budget. */
  channelId: string;
  /** Every lead ranked on the board, shown or not: all of them are delivered by it. */
  assessmentIds: readonly RankedLead[];
  revision: number;
}

export interface RenderedHotLead extends MessageContent {
  channelId: string;
  assessmentId: string;
  /** Its rep asked for a direct message; null: nobody did. */
  copy: DirectCopy | null;
}

/** Whom to tell directly, and not before when. */
export interface DirectCopy {
  userId: string;
  dueAt: Date;
}

export interface RenderedDirect extends MessageContent {
  /** It is still theirs to take, and they still ask for it. */
  isWanted: boolean;
  quietUntil: Date | null;
}

export interface RenderedEscalation extends MessageContent {
  /** Of the team, by Slack's id where it is known there. */
  channelId: string;
  /** False: nobody needs to be told any more. */
  isWaiting: boolean;
}

export interface RenderedThread extends MessageContent {
  /** What it tells, as `thread_entries` names it. */
  entries: readonly string[];
}

export interface RenderedSummary extends MessageContent {
  assessmentIds: readonly RankedLead[];
}

export interface RenderedDigest extends MessageContent {
  leadIds: readonly string[];
  /** False: only what is there already is changed. */
  mayPost: boolean;
}

/** What the Slack lane shows: queries and builders of the delivery folder. Null: nothing to show (any more). */
export interface Renderers {
  renderBoard(channelId: string): Promise<RenderedBoard | null>;
  /** `pings`: the rep may be mentioned; false where they have been told. */
  renderHot(leadId: string, how: { pings: boolean }): Promise<RenderedHotLead | null>;
  /** Where it would be posted. */
  hotChannel(leadId: string): Promise<string | null>;
  /** The lead's message as one rep gets it directly. */
  renderDirect(leadId: string, userId: string): Promise<RenderedDirect | null>;
  /** What the thread of the lead's own message has not told yet. */
  renderThread(leadId: string): Promise<RenderedThread | null>;
  /** One message in place of the hot messages of these leads. */
  renderSummary(channelId: string, leadIds: readonly string[]): Promise<RenderedSummary | null>;
  /** Leads that nobody has taken: to their rep, in the channel, or to the manager. */
  renderEscalation(effectKey: string, step: string, recipient: string): Promise<RenderedEscalation>;
  /** What is left of a board that was posted anew and cannot be deleted. */
  renderMoved(): MessageContent;
  renderDigest(ids: EffectPayload): Promise<RenderedDigest | null>;
  renderNotice(noticeKind: string, ids: EffectPayload): Promise<MessageContent | null>;
}
