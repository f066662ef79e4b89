import type { Kysely } from 'kysely';
import type { DecisionKind } from '../decisions/ledger.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { Tier } from '../scoring/assessment.ts';

/** The override that counts: the newest that was not undone. */
export interface OverrideInForce {
  id: string;
  by: string;
  at: Date;
  toTier: Tier;
}

/** The newest decision of these kinds that was not undone, however many came after it; the caller adds of which lead. */
export function newestInForce(db: Kysely<Database>, kinds: readonly DecisionKind[]) {
  return db
    .selectFrom('decisions')
    .leftJoin('decisions as undo', 'undo.undoes', 'decisions.id')
    .where('decisions.kind', 'in', kinds)
    .where('undo.id', 'is', null)
    .orderBy('decisions.decided_at', 'desc')
    .orderBy('decisions.id', 'desc')
    .limit(1);
}

export async function readOverrideInForce(
  db: Kysely<Database>,
  leadId: string,
): Promise<OverrideInForce | null> {
  const row = await newestInForce(db, ['overridden'])
    .where('decisions.lead_id', '=', leadId)
    .select(['decisions.id', 'decisions.actor', 'decisions.decided_at', 'decisions.to_tier'])
    .executeTakeFirst();
  const toTier = Tier.safeParse(row?.to_tier);
  if (!row || !toTier.success) return null;
  return { id: row.id, by: row.actor, at: row.decided_at, toTier: toTier.data };
}
