import { sql, type Transaction } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';

/** What tells one person from another, in one shape for leads and signals. HMACs where it is personal. */
export interface Identity {
  /** Of the e-mail address. */
  emailKey: string | null;
  /** Of the record's id at its source. */
  recordKey: string | null;
  crmId: string | null;
}

export function identityNames({ emailKey, recordKey, crmId }: Identity): string[] {
  return [emailKey, recordKey, crmId].filter((name) => name !== null);
}

/**
 * Events of one person at the same moment take turns until the commit, so that a second lead merges and a
 * signal finds its lead. All locks in one order: two batches never wait for each other in a circle.
 */
export async function lockIdentities(
  tx: Transaction<Database>,
  identities: readonly Identity[],
): Promise<void> {
  const names = identities.flatMap(identityNames);
  if (names.length === 0) return;
  await sql`
    select pg_advisory_xact_lock(lock) from (
      select distinct hashtextextended(name, 0) as lock from unnest(${names}::text[]) as name order by lock
    ) as ordered
  `.execute(tx);
}
