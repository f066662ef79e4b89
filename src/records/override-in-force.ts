import type { Kysely } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';
import { Tier } from '../scoring/assessment.ts';

/** The override that counts: the newest that was not undone. */
export interface OverrideInForce {
  id: string;
  by: string;
  at: Date;
  toTier: Tier;
}

export async function readOverrideInForce(
  db: Kysely<Database>,
  leadId: string,
): Promise<OverrideInForce | null> {
  const row = await db
    .selectFrom('decisions')
    .leftJoin('decisions as undo', 'undo.undoes', 'decisions.id')
    .select(['decisions.id', 'decisions.actor', 'decisions.decided_at', 'decisions.to_tier'])
    .where('decisions.lead_id', '=', leadId)
    .where('decisions.kind', '=', 'overridden')
    .where('undo.id', 'is', null)
    .orderBy('decisions.decided_at', 'desc')
    .orderBy('decisions.id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const toTier = Tier.safeParse(row?.to_tier);
  if (!row || !toTier.success) return null;
  return { id: row.id, by: row.actor, at: row.decided_at, toTier: toTier.data };
}
