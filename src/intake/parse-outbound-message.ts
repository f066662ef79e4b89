import { createHash, timingSafeEqual } from 'node:crypto';
import { type Held, held } from '../lead/held-reason.ts';
import { salesforceId } from '../lead/salesforce-id.ts';
import { squashName } from '../lead/squash-name.ts';
import { CUSTOM_PREFIX } from './field-aliases.ts';
import { type InboundRecord, recordText } from './inbound-record.ts';
import { type IntakeProblem, problem } from './intake-problem.ts';
import { leadFromValues, type ReadLead } from './parse-lead-json.ts';
import { childOf, childrenOf, hasElements, parseXml, textOf, type XmlNode } from './parse-xml.ts';
import { isFields } from './read-items.ts';

export interface OutboundMessageOptions {
  /** 15 or 18 characters; the first 15 count. */
  organizationIds: readonly string[];
}

export interface Notification {
  /** Id of the notification, else one made of its content: stays the same over redeliveries. */
  id: string;
  record: InboundRecord;
  /** Set when it can be read but must not go on by itself. */
  held?: Held;
}

export type OutboundMessage = { ok: true; notifications: Notification[] } | IntakeProblem;

const MOST_NOTIFICATIONS = 100;
const MOST_CUSTOM_FIELDS = 100;
/** Our write-back fields come along when somebody ticks them in the message. */
const OUR_OWN = 'First_Call_';
/** 100 records with 500 fields each, and their ends. */
const MOST_TAGS = 100_000;
const LESS_THAN = 0x3c;
const ORGANIZATION_TAG = 'OrganizationId>';
const RECORD_ID = /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/;

/** Standard fields that we keep, by our name; beside them only custom fields are stored. */
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
 * What can be told without parsing, which takes everybody's time: null when the body may be parsed. Only who
 * knows the organisation gets that far, and not with more elements than any message has.
 */
export function refuseUnparsed(
  body: Uint8Array,
  options: OutboundMessageOptions,
): IntakeProblem | null {
  const claimed = firstOrganizationId(body);
  if (claimed === null) return notAMessage();
  if (!isKnownOrganization(claimed, options.organizationIds)) return unknownOrganization();
  return hasMoreThan(body, LESS_THAN, MOST_TAGS)
    ? problem(413, 'too_many_items', `An outbound message holds at most ${MOST_TAGS} tags.`)
    : null;
}

/**
 * Reads a Salesforce outbound message. The session id that may be in it is never looked at, so it cannot
 * reach the result. Salesforce signs nothing: the organisation id is the secret. A notification that cannot
 * be told from its redelivery is held; the others go on.
 */
export function parseOutboundMessage(
  body: Uint8Array,
  options: OutboundMessageOptions,
): OutboundMessage {
  const refused = refuseUnparsed(body, options);
  if (refused !== null) return refused;
  const xml = parseXml(body);
  if (!xml.ok) return xml;
  const message = messageIn(xml.root);
  if (message === undefined) return notAMessage();
  // The text may hold the element somewhere else as well: what counts is the one in its place.
  const organizationId = textOf(childOf(message, 'OrganizationId'))?.trim() ?? '';
  if (!isKnownOrganization(organizationId, options.organizationIds)) return unknownOrganization();
  return readNotifications(childrenOf(message, 'Notification'));
}

/** The same for a file that a person reads: nobody sent it, so no organisation has to be known. */
export function parseSavedMessage(body: Uint8Array): OutboundMessage {
  const xml = parseXml(body);
  if (!xml.ok) return xml;
  const message = messageIn(xml.root);
  return message === undefined
    ? notAMessage()
    : readNotifications(childrenOf(message, 'Notification'));
}

function messageIn(root: XmlNode): XmlNode | undefined {
  return childOf(childOf(childOf(root, 'Envelope'), 'Body'), 'notifications');
}

function hasMoreThan(body: Uint8Array, byte: number, most: number): boolean {
  let count = 0;
  for (let at = body.indexOf(byte); at !== -1; at = body.indexOf(byte, at + 1)) {
    count += 1;
    if (count > most) return true;
  }
  return false;
}

/** On the bytes: decoding four megabytes for a stranger would be work. */
function firstOrganizationId(body: Uint8Array): string | null {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const at = bytes.indexOf(ORGANIZATION_TAG);
  if (at === -1) return null;
  const start = at + ORGANIZATION_TAG.length;
  const text = bytes.toString('latin1', start, start + 40);
  return text.split('<', 1)[0]?.trim() ?? '';
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

function readNotifications(nodes: readonly XmlNode[]): OutboundMessage {
  if (nodes.length === 0 || nodes.length > MOST_NOTIFICATIONS) {
    const message = `An outbound message holds 1 to ${MOST_NOTIFICATIONS} notifications.`;
    return problem(400, 'envelope_invalid', message);
  }
  return { ok: true, notifications: nodes.map(readNotification) };
}

function readNotification(node: XmlNode): Notification {
  const record = readRecord(childOf(node, 'sObject'));
  const id = textOf(childOf(node, 'Id'))?.trim() ?? '';
  if (RECORD_ID.test(id)) return { id, record };
  const content = createHash('sha256').update(recordText(record)).digest('hex').slice(0, 32);
  return {
    id: `content:${content}`,
    record,
    held: held('notification-without-id', 'the notification has no usable Id'),
  };
}

function readRecord(sObject: XmlNode | undefined): InboundRecord {
  const type = typeof sObject === 'object' ? sObject['@_type'] : undefined;
  const sobjectType = typeof type === 'string' ? type.replace(/^.*:/, '').slice(0, 80) : null;
  // Lists, not an object of names: then no name can be "__proto__".
  const fields: [string, string | null | { unreadable: true }][] = [];
  for (const [name, field] of [...Object.entries(STANDARD_FIELDS), ...customFields(sObject)]) {
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
      values.set(fieldKey(name), value);
    }
  }
  // The record's own id names it; it is the CRM id as well.
  const id = values.get('crmid');
  const recordId = typeof id === 'string' ? salesforceId(id) : null;
  return leadFromValues(values, recordId ?? notificationId, null);
}

/** Custom fields are the team's own: Budget_Approved__c is custom.budget_approved. What we wrote is not read. */
function customFields(sObject: XmlNode | undefined): [string, string][] {
  const names = typeof sObject === 'object' ? Object.keys(sObject) : [];
  return names
    .filter((name) => /^\w{1,60}__c$/.test(name) && !name.startsWith(OUR_OWN))
    .slice(0, MOST_CUSTOM_FIELDS)
    .map((name) => [name, CUSTOM_PREFIX + name.slice(0, -'__c'.length)]);
}

function fieldKey(name: string): string {
  const isOwn = name.startsWith(CUSTOM_PREFIX);
  return isOwn ? CUSTOM_PREFIX + squashName(name.slice(CUSTOM_PREFIX.length)) : squashName(name);
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
