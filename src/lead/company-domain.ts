import { parse } from 'tldts';
import { asciiHost } from './normalise-email.ts';

// A profile page or a site builder says nothing about whose company it is.
const SHARED_HOSTS = new Set([
  'linkedin.com',
  'facebook.com',
  'instagram.com',
  'twitter.com',
  'x.com',
  'youtube.com',
  'tiktok.com',
  'github.com',
  'github.io',
  'google.com',
  'wixsite.com',
  'wordpress.com',
  'blogspot.com',
  'linktr.ee',
  'xing.com',
]);

export type WebsiteDomain = { ok: true; domain: string } | { ok: false; detail: string };

/** Registrable domain of a website as people type it, with or without "https://". */
export function websiteDomain(raw: string): WebsiteDomain {
  if (raw.length > 500) return { ok: false, detail: 'is not a web address' };
  const hostname = parse(raw.trim()).hostname;
  const host = hostname === null ? null : asciiHost(hostname);
  const domain = host === null ? null : parse(host).domain;
  if (domain === null) return { ok: false, detail: 'is not a web address' };
  if (SHARED_HOSTS.has(domain)) {
    return { ok: false, detail: 'is a page on a shared host, not a company site' };
  }
  return { ok: true, domain };
}
