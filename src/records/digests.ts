import { sql, type Transaction } from 'kysely';
import type { Standing } from '../delivery/ports.ts';
import {
  type EffectPayload,
  type EffectRequest,
  enqueueEffects,
  PRIORITY,
} from '../platform/outbox.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { type Absence, isAway, localDay, nextAtClock } from '../routing/availability.ts';
import { daysSinceWorkday, isWorkday, workdaysOf } from '../routing/workdays.ts';
import type { TeamSource } from '../scoring/rule-files.ts';

type Tx = Transaction<Database>;

const BATCH = 100;
const DAY_MS = 86_400_000;
/** Accounts that Slack can reach; null: not asked yet. */
const HERE: readonly (Standing | null)[] = ['member', 'guest', null];

interface DuePerson {
  slack_user_id: string;
  email: string | null;
  time_zone: string | null;
  digest_at: string | null;
  away_from: Date | null;
  away_until: Date | null;
  standing: Standing | null;
}

/**
 * Owes the digests whose time has come, one for each person and day of theirs, however many processes look and
 * however often: the rows are locked, and the effect's key names person and day.
 */
export async function oweDueDigests(
  tx: Tx,
  teams: readonly TeamSource[],
  now: Date,
): Promise<void> {
  const due = await lockDue(tx, now);
  const owed = due.flatMap((person) => digestOf(person, teams, now) ?? []);
  await enqueueEffects(tx, await withoutKnown(tx, owed));
  for (const { slack_user_id: id, digest_at: at, time_zone: zone } of due) {
    if (at === null) continue;
    await tx
      .updateTable('preferences')
      .set({ digest_due_at: nextAtClock(at, zone, now) })
      .where('slack_user_id', '=', id)
      .execute();
  }
}

async function lockDue(tx: Tx, now: Date): Promise<DuePerson[]> {
  return tx
    .selectFrom('preferences')
    .innerJoin('members', 'members.slack_user_id', 'preferences.slack_user_id')
    .select([
      'preferences.slack_user_id',
      'members.email',
      'members.time_zone',
      'digest_at',
      'away_from',
      'away_until',
      'members.standing',
    ])
    .where('digest_due_at', '<=', now)
    .orderBy('digest_due_at')
    .limit(BATCH)
    .forUpdate('preferences')
    .skipLocked()
    .execute();
}

/** Null: not today, or not yet on the clock where they are now. */
function digestOf(
  person: DuePerson,
  teams: readonly TeamSource[],
  now: Date,
): EffectRequest | null {
  const { slack_user_id: userId, digest_at: at, time_zone: zone } = person;
  const { date, clock } = localDay(now, zone);
  const workdays = workdaysOf(person.email, teams);
  if (at === null || clock < at || !HERE.includes(person.standing)) return null;
  if (!isWorkday(date, workdays) || isAway(absenceOf(person), now)) return null;
  const since = new Date(now.getTime() - daysSinceWorkday(date, workdays) * DAY_MS);
  return {
    key: `digest:${userId}:${date}`,
    lane: 'slack',
    kind: 'slack.digest',
    payload: { userId, date, since: since.toISOString() },
    dueAt: now,
    priority: PRIORITY.ordinary,
    traceId: 'digest',
    now,
  };
}

function absenceOf({ away_from: from, away_until: until }: DuePerson): Absence | null {
  return from === null || until === null ? null : { from, until };
}

/** Asked for anew, an effect is sent anew: a person who moved to another clock would get the day's twice. */
async function withoutKnown(tx: Tx, owed: EffectRequest[]): Promise<EffectRequest[]> {
  if (owed.length === 0) return [];
  const known = await tx
    .selectFrom('outbox')
    .select('key')
    .where(
      'key',
      'in',
      owed.map(({ key }) => key),
    )
    .execute();
  const keys = new Set(known.map(({ key }) => key));
  return owed.filter(({ key }) => !keys.has(key));
}

/** A digest that shows a person who is erased says nothing any more. How many there were. */
export async function withdrawDigests(
  tx: Tx,
  leadIds: readonly string[],
  now: Date,
): Promise<number> {
  const { rows: shown } = await sql<{ key: string; payload: EffectPayload }>`
    select key, payload from outbox where kind = 'slack.digest'
      and string_to_array(payload ->> 'leadIds', ' ') && ${[...leadIds]}::text[]
  `.execute(tx);
  await enqueueEffects(
    tx,
    shown.map(({ key, payload }) => ({
      ...{ key, lane: 'slack', kind: 'slack.digest', payload: { ...payload, withdrawn: 'yes' } },
      ...{ dueAt: now, priority: PRIORITY.decision, traceId: 'erasure', now },
    })),
  );
  return shown.length;
}
