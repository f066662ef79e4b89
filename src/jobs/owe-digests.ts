import type { Kysely } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { oweDueDigests } from '../records/digests.ts';
import type { Rulesets } from '../records/rulesets.ts';

export interface OweDigestsOptions {
  db: Kysely<Database>;
  rulesets: Pick<Rulesets, 'live'>;
  clock: Clock;
}

/** A step of the sweep: one look at an index, unless somebody's digest is due. */
export async function oweDigests({ db, rulesets, clock }: OweDigestsOptions): Promise<void> {
  const now = clock.now();
  const due = await db
    .selectFrom('preferences')
    .select('slack_user_id')
    .where('digest_due_at', '<=', now)
    .limit(1)
    .executeTakeFirst();
  if (due === undefined) return;
  const { teams } = await rulesets.live();
  await inTransaction(db, (tx) => oweDueDigests(tx, teams, now));
}
