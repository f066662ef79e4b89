import type { HeldReason } from '../lead/held-reason.ts';
import type { Lead } from '../lead/lead.ts';
import type { MailDomains } from '../lead/mail-domains.ts';
import { normaliseLead } from '../lead/normalise-lead.ts';
import { decodeEvent } from './decode-event.ts';
import type { IncomingSignal } from './parse-signal-json.ts';
import type { TakenEvent } from './settle-events.ts';

/** What an event turned out to be. */
export type Understood =
  | { kind: 'lead'; lead: Lead }
  | { kind: 'signal'; signal: IncomingSignal }
  | { kind: 'held'; reason: HeldReason; detail: string };

/** Reads a stored event again from its record: the request is gone, the worker is another process. */
export function understandEvent(mailDomains: MailDomains, event: TakenEvent): Understood {
  const decoded = decodeEvent(event);
  if (!decoded.ok) return { kind: 'held', reason: decoded.reason, detail: decoded.detail };
  if (decoded.kind === 'signal') return { kind: 'signal', signal: decoded.signal };
  const clean = normaliseLead(decoded.lead, event.source, event.receivedAt, mailDomains);
  if (!clean.ok) return { kind: 'held', reason: clean.reason, detail: clean.detail };
  return { kind: 'lead', lead: clean.lead };
}
