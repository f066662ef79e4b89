import { z } from 'zod';
import { salesforceId } from '../lead/salesforce-id.ts';
import type { CrmLeadRecord, CrmLeadWrite } from './crm.ts';

/** Salesforce's names of the fields that First Call fills; null: not written. */
export interface SalesforceFields {
  leadId: string;
  points: string | null;
  tier: string | null;
  reasons: string | null;
  ruleset: string | null;
  decision: string | null;
  overrideReason: string | null;
}

export const DEFAULT_SALESFORCE_FIELDS: SalesforceFields = {
  leadId: 'First_Call_Id__c',
  points: 'First_Call_Score__c',
  tier: 'First_Call_Tier__c',
  reasons: 'First_Call_Reasons__c',
  ruleset: 'First_Call_Ruleset__c',
  decision: 'First_Call_Decision__c',
  overrideReason: 'First_Call_Override_Reason__c',
};

export const SCORE_FIELDS = [
  'points',
  'tier',
  'reasons',
  'ruleset',
  'decision',
  'overrideReason',
] as const;

const REASONS_LENGTH = 32_000;
/** Lengths of Salesforce's own fields; a longer value would be refused as a whole. */
const LENGTHS = { FirstName: 40, LastName: 80, Company: 255, Title: 128, LeadSource: 255 } as const;
/** Salesforce demands a last name and a company of every lead. */
const NOT_PROVIDED = '[not provided]';

type SalesforceValues = Record<string, string | number | null>;

/** The fields of a record that exists. */
export function updateValues(fields: SalesforceFields, write: CrmLeadWrite): SalesforceValues {
  const values: SalesforceValues = {};
  for (const name of SCORE_FIELDS) {
    const field = fields[name];
    const value = write.score[name];
    if (field !== null)
      values[field] = typeof value === 'string' ? cut(value, REASONS_LENGTH) : value;
  }
  if (write.ownerId !== undefined) values.OwnerId = write.ownerId;
  if (write.status !== undefined) values.Status = write.status;
  return values;
}

/** The fields of a record that may have to be created. */
export function upsertValues(fields: SalesforceFields, write: CrmLeadWrite): SalesforceValues {
  const { identity } = write;
  const person = {
    FirstName: limited(identity.firstName, LENGTHS.FirstName),
    LastName: limited(identity.lastName, LENGTHS.LastName) ?? NOT_PROVIDED,
    Company: limited(identity.company, LENGTHS.Company) ?? NOT_PROVIDED,
    Title: limited(identity.title, LENGTHS.Title),
    LeadSource: limited(identity.leadSource, LENGTHS.LeadSource),
    // Cutting these would make them wrong.
    Email: (identity.email?.length ?? 0) > 80 ? null : identity.email,
    Phone: (identity.phone?.length ?? 0) > 40 ? null : identity.phone,
  };
  const known = Object.entries(person).filter(([, value]) => value !== null && value !== '');
  return {
    [fields.leadId]: write.leadId,
    ...Object.fromEntries(known),
    ...updateValues(fields, write),
  };
}

function limited(value: string | null, length: number): string | null {
  const text = value?.trim() ?? '';
  return text === '' ? null : cut(text, length);
}

/** By characters as Salesforce counts them, never through the middle of one. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return text.slice(0, end);
}

export function selectedFields(fields: SalesforceFields): string[] {
  const own = SCORE_FIELDS.map((name) => fields[name]).filter((name) => name !== null);
  return ['Id', fields.leadId, 'OwnerId', 'Status', ...own];
}

const Row = z.record(z.string(), z.unknown());

/** Undefined when the row has no id. */
export function readRow(
  fields: SalesforceFields,
  raw: unknown,
): { record: CrmLeadRecord; leadId: string | null } | undefined {
  const row = Row.catch({}).parse(raw);
  const text = (name: string | null): string | null => {
    const value = name === null ? null : row[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const crmId = salesforceId(text('Id') ?? '');
  if (crmId === null) return undefined;
  const points = fields.points === null ? null : row[fields.points];
  return {
    leadId: text(fields.leadId),
    record: {
      crmId,
      score: {
        points: typeof points === 'number' ? points : null,
        tier: text(fields.tier),
        reasons: text(fields.reasons),
        ruleset: text(fields.ruleset),
        decision: text(fields.decision),
        overrideReason: text(fields.overrideReason),
      },
      ownerId: salesforceId(text('OwnerId') ?? ''),
      status: text('Status'),
    },
  };
}
