import { parse } from 'tldts';
import type { EmailKind } from './lead.ts';
import type { MailDomains } from './mail-domains.ts';

export interface EmailAddress {
  /** Lower-cased, trimmed; the domain in ASCII (punycode). */
  address: string;
  /** Registrable domain, for example "example.co.uk". */
  domain: string;
}

export interface NormalisedEmail extends EmailAddress {
  kind: EmailKind;
}

const MAX_ADDRESS = 254;
const MAX_LOCAL = 64;
const LOCAL = /^[^\s\p{Cc}@<>()[\]\\,;:"]+$/u;
const HOST = /^[\p{L}\p{N}\p{M}.-]+$/u;
const ASCII_HOST = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

/** The address in its one comparable form, or null when it could not receive mail. */
export function parseEmailAddress(raw: string): EmailAddress | null {
  if (raw.length > MAX_ADDRESS * 2) return null;
  const text = raw
    .normalize('NFC')
    .trim()
    .replace(/^mailto:/i, '')
    .replace(/^<|>$/g, '')
    .trim()
    .toLowerCase();
  const at = text.lastIndexOf('@');
  if (at < 1 || at > MAX_LOCAL || text.length > MAX_ADDRESS) return null;
  const local = text.slice(0, at);
  if (!LOCAL.test(local) || local.startsWith('.') || local.endsWith('.') || local.includes('..')) {
    return null;
  }
  const host = asciiHost(text.slice(at + 1));
  const domain = host === null ? null : parse(host).domain;
  return host === null || domain === null ? null : { address: `${local}@${host}`, domain };
}

export function normaliseEmail(raw: string, mailDomains: MailDomains): NormalisedEmail | null {
  const email = parseEmailAddress(raw);
  return email === null ? null : { ...email, kind: kindOf(email, mailDomains) };
}

/** ASCII form of a host name, or null when it is no host name with at least two labels. */
export function asciiHost(raw: string): string | null {
  const host = raw.replace(/\.$/, '').toLowerCase();
  if (host.length > 253 || !HOST.test(host)) return null;
  const url = URL.parse(`http://${host}/`);
  const ascii = url?.hostname ?? '';
  // The URL parser turns numbers into addresses ("1.2" into "1.0.0.2"): an address is no domain.
  if (!ASCII_HOST.test(ascii) || /(^|\.)[0-9]+$/.test(ascii)) return null;
  return ascii.split('.').every((label) => label.length <= 63) ? ascii : null;
}

function kindOf(email: EmailAddress, mailDomains: MailDomains): EmailKind {
  const host = email.address.slice(email.address.lastIndexOf('@') + 1);
  const isIn = (domains: ReadonlySet<string>) => domains.has(email.domain) || domains.has(host);
  if (isIn(mailDomains.disposable)) return 'disposable';
  return isIn(mailDomains.free) ? 'free' : 'work';
}
