import { crmOutcome } from '../lead/crm-outcome.ts';
import { crmStage } from '../lead/crm-stage.ts';
import type { Lead } from '../lead/lead.ts';
import type { LeadRecord } from './leads.ts';

/* How far work on a lead is, as the CRM tells it: docs/decisions/0012-one-record-speaks-for-a-lead.md. */

type CrmChange = Partial<
  Pick<
    LeadRecord,
    | 'state'
    | 'closed_reason'
    | 'held_reason'
    | 'held_detail'
    | 'first_touch_at'
    | 'accepted_by'
    | 'accepted_at'
  >
>;

const DELETED = 'deleted_in_crm';
/** A new request of the person opens it again. A converted one goes on as a contact in the CRM. */
const OPENED_BY_ASKING: readonly (string | null)[] = ['aged_out', 'closed_in_crm', DELETED];

/** The CRM's record that speaks for a lead, and is written to: a deleted one leaves its place to the next. */
export function ownCrmId(known: LeadRecord | undefined, incoming: Lead): string | null {
  if (known === undefined || known.closed_reason === DELETED) return incoming.crmId;
  return known.crm_id ?? incoming.crmId;
}

/** A status counts when the lead's own record says it: a form knows of none, a duplicate speaks of itself. */
export function withOwnStatus(incoming: Lead, known: LeadRecord | undefined): Lead {
  const { crmId, status } = incoming;
  if (crmId === null) return { ...incoming, status: null };
  const isOwn = crmId === ownCrmId(known, incoming);
  return isOwn ? incoming : { ...incoming, status: null, duplicate: { crmId, status } };
}

/** Where a new lead starts: what is worked on or done with in the CRM needs no call. */
export function stateOnArrival(lead: Lead, now: Date) {
  const untouched = { closed_reason: null, first_touch_at: null };
  switch (crmStage(lead.status)) {
    case 'closed':
      return { ...untouched, state: 'closed' as const, closed_reason: closedReason(lead) };
    case 'contacted':
      return { ...untouched, state: 'contacted' as const, first_touch_at: now };
    default:
      return { ...untouched, state: 'open' as const };
  }
}

/** Where a known lead goes by what came in, whose status is the lead's own. */
export function stateAfter(known: LeadRecord, incoming: Lead, now: Date): CrmChange {
  if (known.state === 'closed') return afterClosing(known, incoming, now);
  const stage = crmStage(incoming.status);
  // What the CRM told before is no news: the lead was opened again, or handed over, since.
  if (stage === 'closed' && incoming.status !== known.profile.status) {
    return { ...NOT_HELD, state: 'closed', closed_reason: closedReason(incoming) };
  }
  const isNews = known.first_touch_at === null || crmStage(known.profile.status) !== 'contacted';
  if (stage === 'contacted' && known.state !== 'contacted' && isNews) {
    return { ...NOT_HELD, ...contacted(known, now) };
  }
  return {};
}

function afterClosing(known: LeadRecord, incoming: Lead, now: Date): CrmChange {
  const reason = known.closed_reason;
  if (incoming.crmId === null) {
    if (!OPENED_BY_ASKING.includes(reason)) return {};
    // Whoever had it was done with it: it is the team's again.
    return { state: 'open', closed_reason: null, accepted_by: null, accepted_at: null };
  }
  if (!reason?.endsWith('_in_crm')) return {};
  const stage = crmStage(incoming.status);
  const isSurvivor = reason === DELETED;
  if (stage === 'closed') return isSurvivor ? { closed_reason: closedReason(incoming) } : {};
  if (stage === null && !isSurvivor) return {};
  if (stage === 'contacted') return { ...contacted(known, now), closed_reason: null };
  return { state: known.accepted_by === null ? 'open' : 'accepted', closed_reason: null };
}

const NOT_HELD = { held_reason: null, held_detail: null };

function contacted(known: LeadRecord, now: Date) {
  return { state: 'contacted' as const, first_touch_at: known.first_touch_at ?? now };
}

function closedReason({ status }: Lead): string {
  return crmOutcome(status) === 'converted' ? 'converted_in_crm' : 'closed_in_crm';
}
