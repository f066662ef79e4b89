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
}

export interface RenderedSummary extends MessageContent {
  assessmentIds: readonly RankedLead[];
}

/** What the Slack lane shows: queries and builders of the delivery folder. Null: nothing to show (any more). */
export interface Renderers {
  renderBoard(channelId: string): Promise<RenderedBoard | null>;
  renderHot(leadId: string): Promise<RenderedHotLead | null>;
  /** One message in place of the hot messages of these leads. */
  renderSummary(channelId: string, leadIds: readonly string[]): Promise<RenderedSummary | null>;
  renderNotice(noticeKind: string, ids: EffectPayload): Promise<MessageContent | null>;
}
