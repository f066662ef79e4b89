import {
  createSalesforce,
  type Salesforce,
  type SalesforceOptions,
} from '../../demo/salesforce/salesforce.ts';
import { SAMPLE_USERS } from '../../demo/slack/workspace.ts';
import { type Clock, systemClock } from '../../src/platform/clock.ts';
import type { SalesforceAuth } from '../../src/platform/config.ts';
import { createSalesforceCrm } from '../../src/write-back/create-salesforce-crm.ts';
import type { Crm } from '../../src/write-back/crm.ts';
import type { CrmWorld } from '../contracts/crm-contract.ts';

export const SHARED_EMAIL = 'desk@firstcall.example';

export async function startSalesforce(options: SalesforceOptions = {}): Promise<Salesforce> {
  return createSalesforce({
    users: ['One', 'Two'].map((lastName) => ({
      firstName: 'Shared',
      lastName,
      email: SHARED_EMAIL,
    })),
    ...options,
  });
}

export interface ConnectOptions {
  auth?: SalesforceAuth;
  clock?: Clock;
  timeoutMs?: number;
}

export function connectCrm(salesforce: Salesforce, options: ConnectOptions = {}): Crm {
  const { clientId, clientSecret } = salesforce.app;
  return createSalesforceCrm({
    loginUrl: salesforce.url,
    apiVersion: '65.0',
    auth: options.auth ?? { kind: 'client-credentials', clientId, clientSecret },
    clock: options.clock ?? systemClock,
    timeoutMs: options.timeoutMs ?? 5_000,
  });
}

export async function openSalesforceWorld(): Promise<CrmWorld> {
  const salesforce = await startSalesforce();
  const { email } = SAMPLE_USERS.repOne;
  return {
    crm: connectCrm(salesforce),
    async createLead({ lastName, company, email: address }) {
      const more = address === undefined ? {} : { Email: address };
      return salesforce.createLead({ LastName: lastName, Company: company, ...more }).Id;
    },
    readLead(crmId) {
      const lead = salesforce.lead(crmId);
      if (lead === undefined || lead.IsDeleted === true) return undefined;
      return { ownerId: String(lead.OwnerId), status: String(lead.Status) };
    },
    countByLeadId: (leadId) =>
      salesforce.leads().filter((lead) => lead.First_Call_Id__c === leadId).length,
    deleteLead: (crmId) => salesforce.deleteLead(crmId),
    lockNextWrite: (crmId) => {
      salesforce.failRecords({ errorCode: 'UNABLE_TO_LOCK_ROW', target: crmId });
    },
    refuseDuplicates: salesforce.setDuplicateRule,
    users: { alone: { email, id: salesforce.userIdByEmail(email) }, sharedEmail: SHARED_EMAIL },
    close: salesforce.close,
  };
}
