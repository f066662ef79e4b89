import type { HeldReason } from '../lead/held-reason.ts';

/** One lead or signal as it came in, before anybody judged it. */
export interface NewInboundEvent {
  kind: 'lead' | 'signal';
  source: string;
  /** Unique within the source: the sender's own id of this delivery. */
  dedupeKey: string;
  /** JSON text (see inbound-record.ts) without secrets; a NUL is escaped, as `\u0000`. */
  rawBody: string;
  receivedAt: Date;
  traceId: string;
  /** Set when it can be read but not understood: stored as held, shown to people. */
  held?: { reason: HeldReason; detail: string };
}

export interface StoredEvent {
  id: string;
  /** It was here before: nothing was stored, and `id` is the one of the first. */
  duplicate: boolean;
}

/** The record of what came in. */
export interface Inbox {
  /**
   * Resolves once everything is committed, one answer an event in the order given: all or nothing. Dedupe
   * keys within one call differ.
   *
   * @throws AppError when nothing was stored
   */
  store(events: readonly NewInboundEvent[]): Promise<StoredEvent[]>;
}
