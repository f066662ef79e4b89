import { TEST_LEAD_SOURCE } from '../lead/test-lead.ts';
import { recordText } from './inbound-record.ts';
import type { NewInboundEvent } from './inbox.ts';

export interface TestLeadRequest {
  /** Who sends it: everybody must see whom to ask. */
  byName: string;
  /** Same key, same test lead. */
  key: string;
  traceId: string;
}

/**
 * What a form would send for somebody who asks for a demo: a lead that most rules like, so that it is seen. An address
 * of its own, since two of the same person would be merged.
 */
export function testLeadEvent(
  { byName, key, traceId }: TestLeadRequest,
  receivedAt: Date,
): NewInboundEvent {
  const data = {
    id: key,
    firstName: 'Sample person,',
    lastName: `test lead by ${byName.slice(0, 60)}`,
    email: `test-lead.${traceId.replaceAll('-', '').slice(0, 20)}@first-call-test.example`,
    company: 'Test lead, nobody to call',
    jobTitle: 'VP Sales',
    employees: 450,
    country: 'DE',
    message: 'This is a test lead. It asks for a demo and pricing; nobody waits for an answer.',
  };
  return {
    kind: 'lead',
    source: TEST_LEAD_SOURCE,
    dedupeKey: key,
    rawBody: recordText({ format: 'json', type: 'lead.created', timestamp: null, data }),
    receivedAt,
    traceId,
  };
}
