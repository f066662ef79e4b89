import { describeCrmContract } from '../contracts/crm-contract.ts';
import { createFakeCrm } from './fake-crm.ts';

describeCrmContract('the CRM in memory', async () => {
  const fake = createFakeCrm();
  const alone = { email: 'rep.one@firm.example', id: '005Fake00000001AAA' };
  const sharedEmail = 'desk@firm.example';
  fake.users.push(
    alone,
    { email: sharedEmail, id: '005Fake00000002AAA' },
    { email: sharedEmail, id: '005Fake00000003AAA' },
  );
  return {
    crm: fake,
    async createLead({ email }) {
      const crmId = fake.newId();
      fake.leads.set(crmId, {
        crmId,
        leadId: null,
        email: email ?? null,
        score: {
          points: null,
          tier: null,
          reasons: null,
          ruleset: null,
          decision: null,
          overrideReason: null,
        },
        ownerId: alone.id,
        status: 'Open - Not Contacted',
      });
      return crmId;
    },
    readLead(crmId) {
      const lead = fake.leads.get(crmId);
      return lead === undefined ? undefined : { ownerId: lead.ownerId, status: lead.status };
    },
    countByLeadId: (leadId) =>
      [...fake.leads.values()].filter((lead) => lead.leadId === leadId).length,
    deleteLead: (crmId) => fake.leads.delete(crmId),
    lockNextWrite: (crmId) => fake.locked.add(crmId),
    refuseDuplicates: (isOn) => {
      fake.refusesDuplicates = isOn;
    },
    users: { alone, sharedEmail },
    close: async () => undefined,
  };
});
