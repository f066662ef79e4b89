import type { Kysely } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { readSetting, writeSetting } from '../records/settings.ts';
import type { Switches } from './ports.ts';

const PAUSED = 'paused';

export function createSwitches(db: Kysely<Database>, clock: Clock): Switches {
  return {
    paused: async () => (await readSetting(db, PAUSED)) === true,
    async setPaused(paused, by) {
      const now = clock.now();
      await inTransaction(db, async (tx) => {
        await writeSetting(tx, PAUSED, paused, by, now);
        await tx
          .insertInto('audit_log')
          .values({
            at: now,
            actor: by,
            action: paused ? 'posting.paused' : 'posting.resumed',
            subject: 'Slack',
            detail: JSON.stringify({}),
          })
          .execute();
      });
    },
  };
}
