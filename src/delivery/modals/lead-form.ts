import type { Surface } from '../../decisions/ledger.ts';

/** What a form about one lead must know when it comes back. Never who may send it. */
export interface LeadFormMetadata {
  leadId: string;
  surface: Surface;
  /** Where to answer when the modal was closed before the answer was there. */
  channel: string | null;
}
