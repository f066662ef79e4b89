import { setTimeout as delay } from 'node:timers/promises';
import { XMLParser } from 'fast-xml-parser';
import { recordOf } from '../doubles/json.ts';
import type { FieldValue } from './record-store.ts';

const MAX_NOTIFICATIONS = 100;

export interface OutboundNotification {
  /** Stays the same over redeliveries (04l...). */
  id: string;
  record: Readonly<Record<string, FieldValue>>;
}

export interface OutboundEnvelope {
  organizationId: string;
  notifications: readonly OutboundNotification[];
  object?: string;
  /** A live session, when the message definition asks for it: receivers must drop it. */
  sessionId?: string;
}

/** The SOAP envelope of one outbound message. Throws with none or more than 100 notifications. */
export function outboundEnvelope(envelope: OutboundEnvelope): string {
  const { organizationId, notifications, object = 'Lead', sessionId } = envelope;
  if (notifications.length === 0 || notifications.length > MAX_NOTIFICATIONS) {
    throw new Error(`an outbound message takes 1 to ${MAX_NOTIFICATIONS} notifications`);
  }
  const session =
    sessionId === undefined
      ? '<SessionId xsi:nil="true"/>'
      : `<SessionId>${escapeXml(sessionId)}</SessionId>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>${escapeXml(organizationId)}</OrganizationId>
   <ActionId>04kSample000001AAA</ActionId>
   ${session}
   <EnterpriseUrl>https://sample.example.com/services/Soap/c/65.0/${escapeXml(organizationId)}</EnterpriseUrl>
   <PartnerUrl>https://sample.example.com/services/Soap/u/65.0/${escapeXml(organizationId)}</PartnerUrl>
${notifications.map((each) => notificationXml(each, object)).join('\n')}
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>`;
}

function notificationXml({ id, record }: OutboundNotification, object: string): string {
  const fields = Object.entries(record)
    .filter(([, value]) => value !== null)
    .sort(([a], [b]) => (a === 'Id' ? -1 : b === 'Id' ? 1 : a < b ? -1 : 1))
    .map(([name, value]) => `     <sf:${name}>${escapeXml(String(value))}</sf:${name}>`);
  return `   <Notification>
    <Id>${escapeXml(id)}</Id>
    <sObject xsi:type="sf:${object}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
${fields.join('\n')}
    </sObject>
   </Notification>`;
}

/** Characters that XML 1.0 cannot carry are left out, as they cannot be sent at all. */
function escapeXml(text: string): string {
  return [...text]
    .filter((each) => each >= ' ' || each === '\n' || each === '\r' || each === '\t')
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

export interface OutboundAttempt {
  /** 0 when there was no answer. */
  status: number;
  body: string;
  elapsedMs: number;
}

export interface OutboundResult {
  /** True when an attempt was answered with `<Ack>true</Ack>` in a 200. */
  acknowledged: boolean;
  attempts: readonly OutboundAttempt[];
}

export interface DeliveryOptions {
  url: string;
  /** Waits before each further attempt; none by default. Salesforce grows them to two hours, for a day. */
  retryDelaysMs?: readonly number[];
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** POSTs until acknowledged or out of attempts. `xml` is asked each time: a retry carries the latest values. */
export async function deliverOutbound(
  xml: () => string,
  options: DeliveryOptions,
): Promise<OutboundResult> {
  const attempts: OutboundAttempt[] = [];
  for (const waitMs of [0, ...(options.retryDelaysMs ?? [])]) {
    if (waitMs > 0) await delay(waitMs, undefined, { ref: false }).catch(() => undefined);
    if (options.signal?.aborted === true) break;
    const attempt = await postOnce(xml(), options);
    attempts.push(attempt);
    if (isAcknowledged(attempt)) return { acknowledged: true, attempts };
  }
  return { acknowledged: false, attempts };
}

async function postOnce(
  body: string,
  { url, timeoutMs = 60_000, signal }: DeliveryOptions,
): Promise<OutboundAttempt> {
  const startedAt = performance.now();
  const elapsedMs = (): number => performance.now() - startedAt;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
      body,
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    return { status: response.status, body: await response.text(), elapsedMs: elapsedMs() };
  } catch {
    return { status: 0, body: '', elapsedMs: elapsedMs() };
  }
}

const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false });

function isAcknowledged({ status, body }: OutboundAttempt): boolean {
  if (status !== 200) return false;
  try {
    const envelope = recordOf(recordOf(parser.parse(body)).Envelope);
    const response = recordOf(recordOf(envelope.Body).notificationsResponse);
    return response.Ack === 'true';
  } catch {
    return false;
  }
}
