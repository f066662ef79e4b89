import type { HeldReason } from '../lead/held-reason.ts';
import type { Lead } from '../lead/lead.ts';
import type { MailDomains } from '../lead/mail-domains.ts';
import { normaliseLead } from '../lead/normalise-lead.ts';
import { decodeLead, decodeSignal } from './decode-event.ts';
import type { IncomingSignal } from './parse-signal-json.ts';
import type { TakenEvent } from './settle-event.ts';

/** What an event turned out to be. */
export type Understood =
  | { kind: 'lead'; lead: Lead }
  | { kind: 'signal'; signal: IncomingSignal }
  | { kind: 'held'; reason: HeldReason; detail: string };

export interface Understanding {
  mailDomains: MailDomains;
}

/** Reads a stored event again from its record: the request is gone, the worker is another process. */
export function understandEvent(understanding: Understanding, event: TakenEvent): Understood {
  if (event.kind === 'signal') {
    const decoded = decodeSignal(event.rawBody, event.receivedAt);
    return decoded.ok ? { kind: 'signal', signal: decoded.signal } : { ...decoded, kind: 'held' };
  }
  const decoded = decodeLead(event.rawBody, event.dedupeKey);
  if (!decoded.ok) return { ...decoded, kind: 'held' };
  const clean = normaliseLead(
    decoded.lead,
    event.source,
    event.receivedAt,
    understanding.mailDomains,
  );
  return clean.ok ? { kind: 'lead', lead: clean.lead } : { ...clean, kind: 'held' };
}
