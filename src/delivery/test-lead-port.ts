import type { LeadState } from '../lead/lead.ts';
import type { Tier } from '../scoring/assessment.ts';
import type { Member } from './ports.ts';

/** How far a test lead has come. */
export interface TestLeadProgress {
  /** When it was sent, as a webhook's request comes in. */
  receivedAt: Date;
  /** When the inbox had committed it. */
  storedAt: Date;
  /** Null until it was read. */
  lead: {
    leadId: string;
    shortId: string;
    state: LeadState;
    heldDetail: string | null;
    /** Null until it was scored. */
    score: { tier: Tier; points: number; at: Date } | null;
    /** The channel as routing names it, and the Slack id of the rep; null while it is routed nowhere. */
    routed: { channel: string; rep: string | null } | null;
    /** When Slack first confirmed showing it, and where. */
    shown: { at: Date; on: 'board' | 'hot' } | null;
  } | null;
  /** The webhook item itself is held. */
  heldReason: string | null;
}

export interface SentTestLead {
  eventId: string;
  isNew: boolean;
  storedAt: Date;
}

/** Port: one labelled sample lead through the real pipeline. */
export interface TestLeads {
  /** One at a time: `isNew` false gives the one that is still there. Resolves after the inbox has committed. */
  send(
    by: Pick<Member, 'slackUserId' | 'displayName'>,
    request: { key: string; traceId: string },
  ): Promise<SentTestLead>;
  progress(sent: SentTestLead): Promise<TestLeadProgress>;
  /** Closes it. `gone`: it is closed already, or no test lead at all. */
  remove(
    leadId: string,
    by: string,
    traceId: string,
  ): Promise<{ kind: 'removed'; shortId: string } | { kind: 'gone' }>;
}
