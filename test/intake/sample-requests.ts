import { Webhook } from 'standardwebhooks';

export const NOW = new Date('2026-11-02T09:00:00.000Z');
export const SECRET = `whsec_${Buffer.from('sample-secret-number-one-32bytes').toString('base64')}`;
export const OTHER_SECRET = `whsec_${Buffer.from('sample-secret-number-two-32bytes').toString('base64')}`;
export const ORGANIZATION_ID = '00D000000000001';

export interface SignOptions {
  id?: string;
  at?: Date;
  secret?: string;
}

/** Signed by the reference library, as a sender would. */
export function signedHeaders(body: string, options: SignOptions = {}): Record<string, string> {
  const { id = 'msg_1', at = NOW, secret = SECRET } = options;
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

export interface SampleNotification {
  id?: string;
  type?: string;
  fields?: Record<string, string>;
  /** Raw XML inside the sObject. */
  raw?: string;
}

export function outboundMessage(
  notifications: readonly SampleNotification[],
  organizationId: string = ORGANIZATION_ID,
): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>${organizationId}</OrganizationId>
   <ActionId>04k000000000001AAA</ActionId>
   <SessionId>sample-session-value</SessionId>
   <EnterpriseUrl>https://crm.example/services/Soap/c/65.0</EnterpriseUrl>
   <PartnerUrl>https://crm.example/services/Soap/u/65.0</PartnerUrl>
   ${notifications.map(notificationXml).join('\n   ')}
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>`;
}

function notificationXml(notification: SampleNotification): string {
  const { id = '04l000000000001AAA', type = 'Lead', fields = LEAD_FIELDS, raw = '' } = notification;
  const elements = Object.entries(fields).map(
    ([name, value]) => `<sf:${name}>${value}</sf:${name}>`,
  );
  return `<Notification><Id>${id}</Id><sObject xsi:type="sf:${type}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">${elements.join('')}${raw}</sObject></Notification>`;
}

export const LEAD_FIELDS = {
  Id: '00Q000000000001AAA',
  FirstName: 'Ada',
  LastName: 'Sample',
  Email: 'ada@acme.example',
  Company: 'Acme &amp; Sons Example',
  HasOptedOutOfEmail: 'false',
  CreatedDate: '2026-11-02T08:59:00.000Z',
};
