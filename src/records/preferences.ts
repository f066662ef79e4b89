import type { Kysely, Selectable, Transaction } from 'kysely';
import type { PreferenceStore } from '../delivery/ports.ts';
import type { Clock } from '../platform/clock.ts';
import { bringForward } from '../platform/notices.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database, PreferencesTable } from '../platform/postgres/tables.ts';
import {
  type Attention,
  attentionOf,
  DEFAULT_PREFERENCES,
  nextAtClock,
  type Preferences,
} from '../routing/availability.ts';

type Tx = Transaction<Database>;
type PreferencesRow = Selectable<PreferencesTable>;

export function createPreferences(db: Kysely<Database>, clock: Clock): PreferenceStore {
  return {
    read: (slackUserId) => readPreferences(db, slackUserId, clock.now()),
    async save(member, preferences) {
      const now = clock.now();
      await inTransaction(db, async (tx) => {
        const before = await lockPreferences(tx, member.slackUserId);
        const changed = changedParts(before, preferences, now);
        if (changed.length === 0) return;
        await upsert(tx, member, preferences, now);
        if (changed.includes('away') || changed.includes('quietHours')) {
          // Back, or no longer quiet: what waited for that is due, not at the time that was planned.
          const { quietUntil } = await readAttention(tx, member.slackUserId, now);
          await bringForward(tx, member.slackUserId, quietUntil ?? now);
        }
        await tx
          .insertInto('audit_log')
          .values({
            at: now,
            actor: member.slackUserId,
            action: 'preferences.changed',
            subject: member.slackUserId,
            detail: JSON.stringify({ changed }),
          })
          .execute();
      });
    },
  };
}

/** Of somebody who never chose: the defaults. An absence that is over is none. */
export async function readPreferences(
  db: Kysely<Database>,
  slackUserId: string,
  now: Date,
): Promise<Preferences> {
  const row = await db
    .selectFrom('preferences')
    .selectAll()
    .where('slack_user_id', '=', slackUserId)
    .executeTakeFirst();
  return row === undefined ? DEFAULT_PREFERENCES : asPreferences(row, now);
}

/** What may reach a person at this moment, by their own clock. Whatever pings asks this first. */
export async function readAttention(
  db: Kysely<Database>,
  slackUserId: string,
  now: Date,
): Promise<Attention> {
  const row = await db
    .selectFrom('preferences')
    .innerJoin('members', 'members.slack_user_id', 'preferences.slack_user_id')
    .selectAll('preferences')
    .select('members.time_zone')
    .where('preferences.slack_user_id', '=', slackUserId)
    .executeTakeFirst();
  if (row === undefined) return attentionOf(DEFAULT_PREFERENCES, null, now);
  return attentionOf(asPreferences(row, now), row.time_zone, now);
}

function asPreferences(row: PreferencesRow, now: Date): Preferences {
  const { quiet_from: from, quiet_to: to, away_from: awayFrom, away_until: awayUntil } = row;
  const isOver = awayFrom === null || awayUntil === null || awayUntil <= now;
  return {
    alerts: row.alerts,
    quietHours: from === null || to === null ? null : { from, to },
    digestAt: row.digest_at,
    away: isOver ? null : { from: awayFrom, until: awayUntil },
  };
}

async function lockPreferences(tx: Tx, slackUserId: string): Promise<PreferencesRow | undefined> {
  return tx
    .selectFrom('preferences')
    .selectAll()
    .where('slack_user_id', '=', slackUserId)
    .forUpdate()
    .executeTakeFirst();
}

/** Names only: when somebody is away is nobody's business but theirs. */
function changedParts(
  before: PreferencesRow | undefined,
  after: Preferences,
  now: Date,
): (keyof Preferences)[] {
  const present = before === undefined ? DEFAULT_PREFERENCES : asPreferences(before, now);
  const parts = ['alerts', 'quietHours', 'digestAt', 'away'] as const;
  return parts.filter((part) => JSON.stringify(present[part]) !== JSON.stringify(after[part]));
}

async function upsert(
  tx: Tx,
  { slackUserId, timeZone }: Parameters<PreferenceStore['save']>[0],
  { alerts, quietHours, digestAt, away }: Preferences,
  now: Date,
): Promise<void> {
  const columns = {
    alerts,
    quiet_from: quietHours?.from ?? null,
    quiet_to: quietHours?.to ?? null,
    digest_at: digestAt,
    digest_due_at: digestAt === null ? null : nextAtClock(digestAt, timeZone, now),
    away_from: away?.from ?? null,
    away_until: away?.until ?? null,
    updated_at: now,
  };
  await tx
    .insertInto('preferences')
    .values({ slack_user_id: slackUserId, ...columns })
    .onConflict((conflict) =>
      conflict.column('slack_user_id').doUpdateSet((eb) => ({
        ...columns,
        // Saved at the very minute: today's digest, which is due but not sent, stays due.
        digest_due_at: eb
          .case()
          .when('preferences.digest_at', 'is not distinct from', eb.ref('excluded.digest_at'))
          .then(eb.ref('preferences.digest_due_at'))
          .else(eb.ref('excluded.digest_due_at'))
          .end(),
      })),
    )
    .execute();
}
