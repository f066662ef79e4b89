import { AppError } from '../../src/platform/errors.ts';
import type { Crm, CrmLeadRecord, CrmLeadWrite, CrmWriteResult } from '../../src/write-back/crm.ts';

interface FakeLead extends CrmLeadRecord {
  leadId: string | null;
  email: string | null;
}

export interface FakeCrm extends Crm {
  leads: Map<string, FakeLead>;
  users: { id: string; email: string }[];
  locked: Set<string>;
  refusesDuplicates: boolean;
  newId(): string;
}

const NO_SCORE = {
  points: null,
  tier: null,
  reasons: null,
  ruleset: null,
  decision: null,
  overrideReason: null,
};

/** A CRM in memory, held to the same contract as the real one. */
export function createFakeCrm(): FakeCrm {
  let sequence = 0;
  const fake: FakeCrm = {
    leads: new Map(),
    users: [],
    locked: new Set(),
    refusesDuplicates: false,
    newId() {
      sequence += 1;
      return `00QFake${String(sequence).padStart(8, '0')}AAA`;
    },
    async writeLeads(writes) {
      return new Map(writes.map((write) => [write.leadId, writeOne(fake, write)]));
    },
    async readLeads(refs) {
      const found = new Map<string, CrmLeadRecord>();
      for (const { leadId, crmId } of refs) {
        const lead = crmId === null ? byLeadId(fake, leadId) : fake.leads.get(crmId);
        if (lead !== undefined) found.set(leadId, lead);
      }
      return found;
    },
    async findUsersByEmail(emails) {
      const wanted = new Set(emails.map((email) => email.toLowerCase()));
      const groups = Map.groupBy(fake.users, (user) => user.email.toLowerCase());
      const alone = [...groups].flatMap(([email, [user, ...more]]) =>
        user !== undefined && more.length === 0 && wanted.has(email)
          ? [[email, user.id] as const]
          : [],
      );
      return new Map(alone);
    },
    ping: async () => undefined,
    usage: () => null,
  };
  return fake;
}

function byLeadId(fake: FakeCrm, leadId: string): FakeLead | undefined {
  return [...fake.leads.values()].find((lead) => lead.leadId === leadId);
}

function writeOne(fake: FakeCrm, write: CrmLeadWrite): CrmWriteResult {
  const existing =
    write.crmId === null ? byLeadId(fake, write.leadId) : fake.leads.get(write.crmId);
  if (write.crmId !== null && existing === undefined) return { kind: 'gone', why: 'deleted' };
  if (existing !== undefined && fake.locked.delete(existing.crmId)) {
    const error = new AppError('crm_unavailable', 'locked', { retryable: true });
    return { kind: 'not-written', error };
  }
  if (write.ownerId !== undefined && !fake.users.some(({ id }) => id === write.ownerId)) {
    const code = 'INVALID_CROSS_REFERENCE_KEY';
    return { kind: 'rejected', code, field: 'OwnerId', isMissingField: false };
  }
  const { email } = write.identity;
  const twin = [...fake.leads.values()].find((lead) => email !== null && lead.email === email);
  if (existing === undefined && fake.refusesDuplicates && twin !== undefined) {
    return { kind: 'duplicate', crmIds: [twin.crmId] };
  }
  const lead: FakeLead = existing ?? {
    crmId: fake.newId(),
    leadId: write.leadId,
    email,
    score: NO_SCORE,
    ownerId: null,
    status: 'Open - Not Contacted',
  };
  lead.score = write.score;
  lead.ownerId = write.ownerId ?? lead.ownerId;
  lead.status = write.status ?? lead.status;
  fake.leads.set(lead.crmId, lead);
  return { kind: 'written', crmId: lead.crmId };
}
