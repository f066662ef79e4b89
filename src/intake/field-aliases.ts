import { squashName } from '../lead/squash-name.ts';
import { isFields } from './read-items.ts';

/** Names under which forms, CRMs and enrichment tools send a field, ours first; squashed. */
export const LEAD_ALIASES = {
  externalId: ['externalid', 'id', 'leadid', 'recordid', 'uuid', 'submissionid'],
  crmId: ['crmid', 'salesforceid', 'sfid', 'salesforceleadid', 'crmleadid'],
  firstName: ['firstname', 'fname', 'givenname', 'first', 'vorname'],
  lastName: ['lastname', 'lname', 'surname', 'familyname', 'last', 'nachname'],
  email: ['email', 'emailaddress', 'workemail', 'businessemail', 'mail', 'contactemail'],
  phone: ['phone', 'phonenumber', 'telephone', 'mobile', 'mobilephone', 'tel', 'contactphone'],
  title: ['title', 'jobtitle', 'position', 'role'],
  company: ['company', 'companyname', 'organization', 'organisation', 'accountname', 'employer'],
  website: ['website', 'companywebsite', 'companydomain', 'domain', 'companyurl'],
  country: ['country', 'countrycode', 'countryname', 'companycountry'],
  industry: ['industry', 'companyindustry', 'sector'],
  employees: [
    'employees',
    'employeecount',
    'numberofemployees',
    'numemployees',
    'companysize',
    'companyemployees',
    'headcount',
    'teamsize',
  ],
  annualRevenue: ['annualrevenue', 'revenue', 'companyannualrevenue', 'companyrevenue'],
  message: ['message', 'comments', 'comment', 'description', 'notes', 'inquiry', 'question'],
  leadSource: ['leadsource', 'source', 'utmsource', 'hearaboutus'],
  campaign: ['campaign', 'campaignname', 'utmcampaign'],
  optedOut: ['optedout', 'optout', 'hasoptedoutofemail', 'unsubscribed', 'donotcontact'],
  ownerCrmId: ['ownercrmid', 'ownerid'],
  status: ['status', 'leadstatus'],
  createdAt: ['createdat', 'createddate', 'created', 'submittedat', 'createdon'],
} as const;

export const SIGNAL_ALIASES = {
  id: ['id', 'signalid', 'eventid', 'messageid'],
  kind: ['kind', 'signal', 'event', 'eventname', 'eventtype', 'type', 'action'],
  occurredAt: ['occurredat', 'timestamp', 'time', 'happenedat', 'createdat', 'at'],
  email: LEAD_ALIASES.email,
  crmId: LEAD_ALIASES.crmId,
  externalId: ['externalid', 'leadexternalid', 'leadid', 'userid', 'lead'],
} as const;

/** Objects whose fields count as the item's own. */
const WRAPPERS = new Set(['lead', 'contact', 'person', 'fields', 'properties', 'attributes']);
const COMPANY_WRAPPERS = new Set(['company', 'organization', 'organisation', 'account']);
/** Objects that hold fields of the team's own. */
const CUSTOM_WRAPPERS = new Set(['custom', 'customfields', 'customproperties']);
/** Before the name of such a field; no squashed name has a dot. */
export const CUSTOM_PREFIX = 'custom.';
const MOST_FIELDS = 300;

/** Values by squashed name; of two with one name, the first that says anything. Nested one level deep. */
export function flattenFields(item: Record<string, unknown>): Map<string, unknown> {
  const values = new Map<string, unknown>();
  const add = (name: string, value: unknown) => {
    const isBlank = value === null || value === undefined || value === '';
    if (name !== '' && !isBlank && !values.has(name)) values.set(name, value);
  };
  const nested: [string, Record<string, unknown>][] = [];
  for (const [name, value] of Object.entries(item).slice(0, MOST_FIELDS)) {
    const squashed = squashName(name);
    if (isFields(value) && COMPANY_WRAPPERS.has(squashed)) nested.push(['company', value]);
    else if (isFields(value) && CUSTOM_WRAPPERS.has(squashed)) nested.push([CUSTOM_PREFIX, value]);
    else if (isFields(value) && WRAPPERS.has(squashed)) nested.push(['', value], [squashed, value]);
    else add(squashed, value);
  }
  for (const [prefix, fields] of nested) {
    for (const [name, value] of Object.entries(fields).slice(0, MOST_FIELDS)) {
      add(prefix + squashName(name), value);
    }
  }
  return values;
}

export function firstOf(values: ReadonlyMap<string, unknown>, aliases: readonly string[]): unknown {
  const name = aliases.find((alias) => values.has(alias));
  return name === undefined ? undefined : values.get(name);
}
