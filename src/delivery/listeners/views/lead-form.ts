import type { ViewOutput } from '@slack/bolt';
import { z } from 'zod';
import { type DecisionContext, SURFACES } from '../../../decisions/ledger.ts';
import { submitKey } from './read-input.ts';

/** What each form about one lead knows again when it comes back. */
export const LeadForm = z.object({
  leadId: z.uuid(),
  surface: z.enum(SURFACES),
  /** Where to answer when the modal was closed before the answer was there. */
  channel: z.string().nullable(),
});
export type LeadForm = z.infer<typeof LeadForm>;

/** The decision that a submitted form makes; the same form sent twice is the same decision. */
export function formContext(
  { leadId, surface }: LeadForm,
  view: ViewOutput,
  actor: string,
  traceId: string,
): DecisionContext {
  return { leadId, actor, surface, idempotencyKey: submitKey(view, actor), traceId };
}
