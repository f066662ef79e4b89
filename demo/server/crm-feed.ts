import type { FieldValue, SalesforceRecord } from '../salesforce/record-store.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import type { CrmFeed } from './demo-feed.ts';
import type { PageCrmLead } from './page-state.ts';

/** Salesforce tells nobody about its records: the page looks at the double's journal this often. */
const LOOK_MS = 300;
const OWN_FIELD = /^First_Call_(.+)__c$/;
/** Shown in their own places. */
const FEATURED = new Set(['Score', 'Tier', 'Decision', 'Id']);

/** The lead records as the sample Salesforce holds them. */
export function createCrmFeed(salesforce: Salesforce): CrmFeed {
  return {
    leads: () => salesforce.leads().map((record) => toPageLead(record, salesforce)),
    onChange(listener) {
      let seen = salesforce.journal.all.length;
      const looking = setInterval(() => {
        const now = salesforce.journal.all.length;
        if (now !== seen) listener();
        seen = now;
      }, LOOK_MS);
      return () => clearInterval(looking);
    },
  };
}

function toPageLead(record: SalesforceRecord, salesforce: Salesforce): PageCrmLead {
  const read = (name: string) => textOf(record[name]);
  return {
    id: record.Id,
    name: read('Name') ?? 'No name',
    company: read('Company') ?? '',
    status: read('Status'),
    owner: ownerName(record, salesforce),
    score: read('First_Call_Score__c'),
    tier: read('First_Call_Tier__c'),
    decision: read('First_Call_Decision__c'),
    written: writtenFields(record),
    // Salesforce writes "+0000" where ISO 8601 has "Z".
    changedAt: (read('LastModifiedDate') ?? '').replace('+0000', 'Z'),
  };
}

function writtenFields(record: SalesforceRecord): PageCrmLead['written'] {
  return Object.entries(record).flatMap(([name, held]) => {
    const field = OWN_FIELD.exec(name)?.[1];
    const value = textOf(held);
    if (field === undefined || FEATURED.has(field) || value === null) return [];
    const words = field.replaceAll('_', ' ').toLowerCase();
    return [{ label: words.charAt(0).toUpperCase() + words.slice(1), value }];
  });
}

function ownerName(record: SalesforceRecord, salesforce: Salesforce): string | null {
  const owner = salesforce.users.find(({ Id }) => Id === record.OwnerId);
  return textOf(owner?.Name);
}

function textOf(value: FieldValue | undefined): string | null {
  return value === null || value === undefined || value === '' ? null : String(value);
}
