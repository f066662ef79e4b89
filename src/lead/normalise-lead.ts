import { cleanText, isPlaceholder } from './clean-text.ts';
import { websiteDomain } from './company-domain.ts';
import { cleanCustom } from './custom-fields.ts';
import { detectTopics } from './detect-topics.ts';
import { type Held, held } from './held-reason.ts';
import type { IncomingLead, Lead, QualityNote } from './lead.ts';
import type { MailDomains } from './mail-domains.ts';
import { normaliseCountry } from './normalise-country.ts';
import { normaliseEmail } from './normalise-email.ts';
import { normalisePhone } from './normalise-phone.ts';
import type { ParsedAmount } from './parse-amount.ts';
import { parseAnnualRevenue, parseEmployees } from './parse-employees.ts';
import { parseTitle } from './parse-title.ts';
import { salesforceId } from './salesforce-id.ts';

export type NormalisedLead = { ok: true; lead: Lead } | Held;

/** Clocks differ a little: later than this after its receipt, a creation time is wrong. */
const CLOCK_SLACK_MS = 5 * 60_000;
const EARLIEST = Date.UTC(2000, 0, 1);

/** Cleans one lead. Never throws, whatever the text; what could not be used is noted, not guessed. */
export function normaliseLead(
  incoming: IncomingLead,
  source: string,
  receivedAt: Date,
  mailDomains: MailDomains,
): NormalisedLead {
  const lead = cleanLead(incoming, source, receivedAt, mailDomains);
  if (isReachable(lead)) return { ok: true, lead };
  return held('no-identity', 'no usable e-mail, phone, CRM id, or name with company');
}

/** The same for a lead that nobody will call, such as one from the past: it needs no name. */
export function cleanLead(
  incoming: IncomingLead,
  source: string,
  receivedAt: Date,
  mailDomains: MailDomains,
): Lead {
  const reader = createReader(incoming);
  const country = reader.parsed('country', 60, normaliseCountry, 'is not a country that we know');
  const person = {
    firstName: reader.text('firstName', 80),
    lastName: reader.text('lastName', 80),
    company: reader.text('company', 200),
    phone: readPhone(reader, country),
    crmId: reader.parsed('crmId', 40, salesforceId, 'is not a Salesforce id', 'optional'),
    ...readEmail(reader, mailDomains),
  };
  return {
    externalId: cleanText(incoming.externalId, { maxLength: 255 }).text ?? 'unnamed',
    source,
    ...person,
    ...readTitle(reader),
    companyDomain: readCompanyDomain(reader, person),
    country,
    industry: reader.text('industry', 100),
    employees: reader.amount('employees', parseEmployees),
    annualRevenue: reader.amount('annualRevenue', parseAnnualRevenue),
    ...readMessage(reader),
    leadSource: reader.text('leadSource', 100, 'optional'),
    campaign: reader.text('campaign', 150, 'optional'),
    optedOut: incoming.optedOut ?? null,
    ownerCrmId: reader.parsed('ownerCrmId', 40, salesforceId, 'is not a Salesforce id', 'optional'),
    status: reader.text('status', 80, 'optional'),
    createdAt: readCreatedAt(reader, incoming.createdAt, receivedAt),
    custom: cleanCustom(incoming.custom),
    quality: reader.notes,
  };
}

type TextField = Exclude<
  keyof IncomingLead,
  'employees' | 'annualRevenue' | 'optedOut' | 'createdAt' | 'externalId' | 'custom'
>;
type AmountField = 'employees' | 'annualRevenue';

interface Reader {
  notes: QualityNote[];
  note(field: string, problem: QualityNote['problem'], detail: string): void;
  /** `optional` fields leave no note when they are missing. */
  text(field: TextField, maxLength: number, need?: 'optional', multiline?: boolean): string | null;
  parsed(
    field: TextField,
    maxLength: number,
    parse: (text: string) => string | null,
    detail: string,
    need?: 'optional',
  ): string | null;
  amount(field: AmountField, parse: (raw: string | number) => ParsedAmount): number | null;
}

function createReader(incoming: IncomingLead): Reader {
  const notes: QualityNote[] = [];
  const note: Reader['note'] = (field, problem, detail) => {
    notes.push({ field, problem, detail });
  };
  const text: Reader['text'] = (field, maxLength, need, multiline = false) => {
    const cleaned = cleanText(incoming[field] ?? '', { maxLength, multiline });
    for (const problem of cleaned.problems) note(field, problem, TEXT_PROBLEMS[problem]);
    if (cleaned.text !== null && !isPlaceholder(cleaned.text)) return cleaned.text;
    if (need !== 'optional') note(field, 'missing', 'not given');
    return null;
  };
  return {
    notes,
    note,
    text,
    parsed(field, maxLength, parse, detail, need) {
      const raw = text(field, maxLength, need);
      const value = raw === null ? null : parse(raw);
      if (raw !== null && value === null) note(field, 'unrecognised', detail);
      return value;
    },
    amount(field, parse) {
      const raw = incoming[field];
      const value = typeof raw === 'string' ? cleanText(raw, { maxLength: 60 }).text : raw;
      if (value === undefined || value === null || isPlaceholder(String(value))) {
        note(field, 'missing', 'not given');
        return null;
      }
      const parsed = parse(value);
      if (!parsed.ok) note(field, 'invalid', parsed.detail);
      else if (parsed.isLowerBound)
        note(field, 'truncated', 'a range was given: its lower end is used');
      return parsed.ok ? parsed.value : null;
    },
  };
}

const TEXT_PROBLEMS: Readonly<Record<QualityNote['problem'], string>> = {
  missing: 'not given',
  invalid: 'not usable',
  unrecognised: 'not understood',
  truncated: 'shortened',
  hidden_characters: 'invisible characters removed',
};

type Person = Pick<Lead, 'firstName' | 'lastName' | 'company' | 'phone' | 'crmId' | 'email'>;

function isReachable(person: Person): boolean {
  if (person.email !== null || person.phone !== null || person.crmId !== null) return true;
  return person.company !== null && (person.lastName ?? person.firstName) !== null;
}

function readEmail(reader: Reader, mailDomains: MailDomains) {
  const raw = reader.text('email', 320);
  const email = raw === null ? null : normaliseEmail(raw, mailDomains);
  if (raw !== null && email === null) reader.note('email', 'invalid', 'is not an e-mail address');
  return {
    email: email?.address ?? null,
    emailKind: email?.kind ?? null,
    emailDomain: email?.domain ?? null,
  };
}

function readPhone(reader: Reader, country: string | null): string | null {
  const raw = reader.text('phone', 60);
  if (raw === null) return null;
  const parsed = normalisePhone(raw, country);
  if (!parsed.ok) reader.note('phone', 'invalid', parsed.detail);
  else if (parsed.hasExtension) reader.note('phone', 'truncated', 'the extension is left out');
  return parsed.ok ? parsed.phone : null;
}

function readTitle(reader: Reader): Pick<Lead, 'title' | 'seniority' | 'jobFunction'> {
  const title = reader.text('title', 150);
  if (title === null) return { title, seniority: null, jobFunction: null };
  const parsed = parseTitle(title);
  if (parsed.seniority === null) reader.note('title', 'unrecognised', 'seniority not recognised');
  if (parsed.jobFunction === null) reader.note('title', 'unrecognised', 'function not recognised');
  return { title, ...parsed };
}

function readCompanyDomain(
  reader: Reader,
  email: Pick<Lead, 'emailKind' | 'emailDomain'>,
): string | null {
  const website = reader.text('website', 300, 'optional');
  const domain = website === null ? null : websiteDomain(website);
  if (domain?.ok) return domain.domain;
  if (domain !== null) reader.note('website', 'invalid', domain.detail);
  const fromEmail = email.emailKind === 'work' ? email.emailDomain : null;
  if (fromEmail === null) {
    reader.note('companyDomain', 'missing', 'neither a company site nor a work e-mail');
  }
  return fromEmail;
}

function readMessage(reader: Reader): Pick<Lead, 'message' | 'topics'> {
  const message = reader.text('message', 4_000, 'optional', true);
  return { message, topics: message === null ? null : detectTopics(message) };
}

function readCreatedAt(reader: Reader, raw: string | undefined, receivedAt: Date): Date {
  if (raw === undefined) return receivedAt;
  const createdAt = new Date(raw);
  const isPlausible =
    createdAt.getTime() >= EARLIEST && createdAt.getTime() <= receivedAt.getTime() + CLOCK_SLACK_MS;
  if (isPlausible) return createdAt;
  reader.note('createdAt', 'invalid', 'not a plausible time: the moment of receipt is used');
  return receivedAt;
}
