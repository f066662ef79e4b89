import { createHash, timingSafeEqual } from 'node:crypto';
import { type Held, held } from '../lead/held-reason.ts';
import { salesforceId } from '../lead/salesforce-id.ts';
import type { InboundRecord } from './inbound-record.ts';
import { squashName } from './inbound-record.ts';
import { type IntakeProblem, problem } from './intake-problem.ts';
import { decodeUtf8 } from './parse-json-body.ts';
import { leadFromValues, type ReadLead } from './parse-lead-json.ts';
import { childOf, childrenOf, hasElements, parseXml, textOf, type XmlNode } from './parse-xml.ts';
import { isFields } from './read-items.ts';

export interface OutboundMessageOptions {
  /** 15 or 18 characters; the first 15 count. */
  organizationIds: readonly string[];
  /** Our field by custom field: `{Team_Size__c: 'employees'}`. Any other custom field is left out. */
  customFields?: Readonly<Record<string, string>>;
}

export interface Notification {
  /** Id of the notification: stays the same over redeliveries. */
  id: string;
  record: InboundRecord;
}

export type OutboundMessage = { ok: true; notifications: Notification[] } | IntakeProblem;

const MOST_NOTIFICATIONS = 100;
const ORGANIZATION_TAG = 'OrganizationId>';
const RECORD_ID = /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/;

/** Standard fields that we keep, by our name; nothing else of the record is stored. */
const STANDARD_FIELDS: Readonly<Record<string, string>> = {
  Id: 'crmId',
  FirstName: 'firstName',
  LastName: 'lastName',
  Email: 'email',
  Phone: 'phone',
  MobilePhone: 'mobilePhone',
  Title: 'title',
  Company: 'company',
  Website: 'website',
  Country: 'country',
  CountryCode: 'countryCode',
  Industry: 'industry',
  NumberOfEmployees: 'employees',
  AnnualRevenue: 'annualRevenue',
  Description: 'message',
  LeadSource: 'leadSource',
  HasOptedOutOfEmail: 'optedOut',
  OwnerId: 'ownerCrmId',
  Status: 'status',
  CreatedDate: 'createdAt',
};

/**
 * Reads a Salesforce outbound message. The session id that may be in it is never looked at, so it cannot
 * reach the result. Salesforce signs nothing: the organisation id is the secret.
 */
export function parseOutboundMessage(
  body: Uint8Array,
  options: OutboundMessageOptions,
): OutboundMessage {
  // Parsing large XML takes a second of everybody's time: only who knows the organisation gets it.
  const claimed = firstOrganizationId(body);
  if (claimed === null) return notAMessage();
  if (!isKnownOrganization(claimed, options.organizationIds)) return unknownOrganization();
  const xml = parseXml(body);
  if (!xml.ok) return xml;
  const message = childOf(childOf(childOf(xml.root, 'Envelope'), 'Body'), 'notifications');
  if (message === undefined) return notAMessage();
  // The text may hold the element somewhere else as well: what counts is the one in its place.
  const organizationId = textOf(childOf(message, 'OrganizationId'))?.trim() ?? '';
  if (!isKnownOrganization(organizationId, options.organizationIds)) return unknownOrganization();
  return readNotifications(childrenOf(message, 'Notification'), options.customFields ?? {});
}

function firstOrganizationId(body: Uint8Array): string | null {
  const text = decodeUtf8(body) ?? '';
  const at = text.indexOf(ORGANIZATION_TAG);
  if (at === -1) return null;
  const start = at + ORGANIZATION_TAG.length;
  return (
    text
      .slice(start, start + 40)
      .split('<', 1)[0]
      ?.trim() ?? ''
  );
}

function notAMessage(): IntakeProblem {
  const message = 'This is no SOAP envelope with outbound notifications of an organisation.';
  return problem(400, 'envelope_invalid', message);
}

function unknownOrganization(): IntakeProblem {
  return problem(
    403,
    'organization_unknown',
    'The organisation id is not one that this source accepts: check SALESFORCE_ORGANIZATION_ID.',
  );
}

function readNotifications(
  nodes: readonly XmlNode[],
  customFields: Readonly<Record<string, string>>,
): OutboundMessage {
  if (nodes.length === 0 || nodes.length > MOST_NOTIFICATIONS) {
    const message = `An outbound message holds 1 to ${MOST_NOTIFICATIONS} notifications.`;
    return problem(400, 'envelope_invalid', message);
  }
  const notifications: Notification[] = [];
  for (const node of nodes) {
    const id = textOf(childOf(node, 'Id'))?.trim() ?? '';
    if (!RECORD_ID.test(id)) {
      return problem(400, 'envelope_invalid', 'A notification has no usable Id.');
    }
    notifications.push({ id, record: readRecord(childOf(node, 'sObject'), customFields) });
  }
  return { ok: true, notifications };
}

function readRecord(
  sObject: XmlNode | undefined,
  customFields: Readonly<Record<string, string>>,
): InboundRecord {
  const type = typeof sObject === 'object' ? sObject['@_type'] : undefined;
  const sobjectType = typeof type === 'string' ? type.replace(/^.*:/, '').slice(0, 80) : null;
  // Lists, not an object of names: then no name can be "__proto__".
  const fields: [string, string | null | { unreadable: true }][] = [];
  const known = [...Object.entries(STANDARD_FIELDS), ...Object.entries(customFields)];
  for (const [name, field] of known) {
    const [node, ...more] = childrenOf(sObject, name);
    if (node === undefined) continue;
    const isReadable = more.length === 0 && !hasElements(node);
    fields.push([field, isReadable ? textOf(node) : { unreadable: true }]);
  }
  return { format: 'salesforce', type: null, timestamp: null, data: { sobjectType, fields } };
}

/** Maps one stored notification to our field names. Pure: works the same on a record read back later. */
export function parseOutboundRecord(record: InboundRecord, notificationId: string): ReadLead {
  const data = isFields(record.data) ? record.data : {};
  if (data.sobjectType !== 'Lead') return unsupported(data.sobjectType);
  const values = new Map<string, unknown>();
  for (const pair of Array.isArray(data.fields) ? data.fields : []) {
    const [name, value] = Array.isArray(pair) ? pair : [];
    if (typeof name === 'string' && value !== null && value !== undefined) {
      values.set(squashName(name), value);
    }
  }
  // The record's own id names it; it is the CRM id as well.
  const id = values.get('crmid');
  const recordId = typeof id === 'string' ? salesforceId(id) : null;
  return leadFromValues(values, recordId ?? notificationId, null);
}

function unsupported(sobjectType: unknown): Held {
  const isName = typeof sobjectType === 'string' && /^\w{1,80}$/.test(sobjectType);
  return held('unsupported-record', isName ? `a ${sobjectType}, not a Lead` : 'no record type');
}

// 18-character ids add a checksum to the same 15. Hashed, so that lengths are equal and time tells nothing.
function isKnownOrganization(given: string, known: readonly string[]): boolean {
  if (!RECORD_ID.test(given)) return false;
  const digest = (id: string) => createHash('sha256').update(id.slice(0, 15)).digest();
  const wanted = digest(given);
  return known.map((id) => timingSafeEqual(digest(id), wanted)).includes(true);
}
