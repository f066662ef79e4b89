const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const OUTBOUND = 'http://soap.sforce.com/2005/09/outbound';

/** The one answer that Salesforce takes for "delivered": any other makes it send again. */
export function outboundMessageAck(): string {
  return envelope(
    `<notificationsResponse xmlns="${OUTBOUND}"><Ack>true</Ack></notificationsResponse>`,
  );
}

/** @param fault whose mistake it is: the sender's, or ours */
export function outboundMessageFault(fault: 'Client' | 'Server', message: string): string {
  return envelope(
    `<soapenv:Fault><faultcode>soapenv:${fault}</faultcode><faultstring>${escapeXml(message)}</faultstring></soapenv:Fault>`,
  );
}

function envelope(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="${ENVELOPE}"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
