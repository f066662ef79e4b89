import type { TestLeads } from '../../src/delivery/test-lead-port.ts';
import type { LeadRow } from '../../src/delivery/views.ts';
import { minutesFrom, NOW } from './fake-lead-views.ts';

/** A test lead that went through at once: it stands for the first of the leads. */
export function createFakeTestLeads(leads: readonly LeadRow[]): TestLeads {
  const { leadId, shortId } = leads[0] ?? { leadId: '', shortId: '' };
  const soon = (ms: number) => new Date(NOW.getTime() + ms);
  return {
    send: async () => ({ eventId: 'event', isNew: true, storedAt: soon(12) }),
    progress: async ({ storedAt }) => ({
      ...{ receivedAt: NOW, storedAt, heldReason: null },
      lead: {
        ...{ leadId, shortId, state: 'open', heldDetail: null },
        score: { tier: 'A', points: 87, at: soon(180) },
        routed: { channel: 'leads-growth', rep: 'U0REP' },
        shown: { at: minutesFrom(NOW, 0.2), on: 'board' },
      },
    }),
    remove: async () => ({ kind: 'removed', shortId }),
  };
}
