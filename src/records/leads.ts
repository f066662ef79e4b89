import { createHmac } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Lead } from '../lead/lead.ts';
import type { LeadsTable, StoredLead } from '../platform/postgres/tables.ts';

export type LeadRecord = Selectable<LeadsTable>;

/** Stands for a person outside of personal tables: the address, else the source's own id of the lead. */
export function identityKeyOf(
  person: { email: string | null; externalId?: string | null },
  source: string,
  pepper: string,
): string | null {
  const id = person.externalId ?? null;
  const text = person.email ?? (id === null ? null : externalName(source, id));
  return text === null ? null : createHmac('sha256', pepper).update(text).digest('hex');
}

export function externalName(source: string, externalId: string): string {
  return `${source}/${externalId}`;
}

export function storedLead(lead: Lead): StoredLead {
  return { ...lead, createdAt: lead.createdAt.toISOString() };
}

export function leadFromStored(stored: StoredLead): Lead {
  return { ...stored, custom: stored.custom ?? {}, createdAt: new Date(stored.createdAt) };
}
