import type { IncomingLead, Lead } from '../../src/lead/lead.ts';
import type { MailDomains } from '../../src/lead/mail-domains.ts';
import { normaliseLead } from '../../src/lead/normalise-lead.ts';

export const RECEIVED_AT = new Date('2026-11-02T09:00:00.000Z');

export const MAIL_DOMAINS: MailDomains = {
  free: new Set(['freemail.example', 'gmail.com']),
  disposable: new Set(['throwaway.example']),
};

export const SAMPLE: IncomingLead = {
  externalId: 'form-1',
  firstName: 'Ada',
  lastName: 'Sample',
  email: ' Ada.Sample@Acme.Example ',
  phone: '(202) 555-0123',
  title: 'VP, Sales Ops',
  company: 'Acme Example',
  website: 'https://www.acme.example/about',
  country: 'USA',
  industry: 'Software',
  employees: '1,200',
  message: 'We would like a demo and pricing this quarter.',
  leadSource: 'Website',
};

export function normalised(incoming: Partial<IncomingLead>, source = 'web-form'): Lead {
  const result = normaliseLead(
    { externalId: 'form-1', ...incoming },
    source,
    RECEIVED_AT,
    MAIL_DOMAINS,
  );
  if (!result.ok) throw new Error(`held: ${result.reason}`);
  return result.lead;
}
