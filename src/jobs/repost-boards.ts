import type { Kysely } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { oweShiftReposts } from '../records/board-reposts.ts';
import type { Rulesets } from '../records/rulesets.ts';
import { shiftStartedAt } from '../routing/business-hours.ts';
import { hoursOf } from '../routing/route-lead.ts';

export interface RepostOptions {
  db: Kysely<Database>;
  rulesets: Pick<Rulesets, 'live'>;
  clock: Clock;
}

/** Each team finds its board at the end of its channel when its shift begins. */
export async function repostBoards({ db, rulesets, clock }: RepostOptions): Promise<void> {
  const now = clock.now();
  const { teams } = await rulesets.live();
  const shifts = teams.flatMap((team) => {
    const startedAt = shiftStartedAt(now, hoursOf(team));
    return startedAt === null ? [] : { channel: team.channel, startedAt };
  });
  if (shifts.length === 0) return;
  await inTransaction(db, (tx) => oweShiftReposts(tx, shifts, { traceId: 'shift', now }));
}
