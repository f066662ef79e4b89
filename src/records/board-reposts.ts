import { sql, type Transaction } from 'kysely';
import { enqueueEffect, PRIORITY } from '../platform/outbox.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { boardKey, type Cause } from './effects.ts';

type Tx = Transaction<Database>;

/** A channel in which many ask for the board would otherwise hold little else. */
const PACE_MS = 60_000;

/** The board of a channel is to be posted anew, at its end. Null: owed. Else when it last was, less than a minute ago. */
export async function oweRepost(tx: Tx, channel: string, cause: Cause): Promise<Date | null> {
  const { rows } = await sql<{ wished_at: string | null; posted_at: Date | null }>`
    select outbox.payload ->> 'repostAt' as wished_at,
      (select posted_at from slack_messages where purpose = 'board' and subject = ${channel}) as posted_at
    from outbox where key = ${boardKey(channel)} for update
  `.execute(tx);
  const [row] = rows;
  const moments = [row?.posted_at, row?.wished_at && new Date(row.wished_at)];
  const last = Math.max(0, ...moments.flatMap((at) => (at instanceof Date ? at.getTime() : [])));
  if (cause.now.getTime() - last < PACE_MS) return new Date(last);
  await wish(tx, channel, cause.now.toISOString(), cause);
  return null;
}

/** Posts the boards anew whose team has begun its shift since they were posted, once for each shift. */
export async function oweShiftReposts(
  tx: Tx,
  shifts: readonly { channel: string; startedAt: Date }[],
  cause: Cause,
): Promise<void> {
  if (shifts.length === 0) return;
  const boards = await tx
    .selectFrom('slack_messages')
    .innerJoin('outbox', (join) =>
      join.on(sql<boolean>`outbox.key = 'board:' || slack_messages.subject`),
    )
    .select(['subject', 'posted_at', 'posted_as', 'outbox.payload'])
    .where('purpose', '=', 'board')
    .where('subject', 'in', [...new Set(shifts.map(({ channel }) => channel))])
    .execute();
  for (const { subject, posted_at: postedAt, posted_as: postedAs, payload } of boards) {
    const shift = shifts.find((each) => each.channel === subject && each.startedAt > postedAt);
    const isUnderWay = payload.repost !== undefined && payload.repost !== postedAs;
    if (shift === undefined || isUnderWay) continue;
    await wish(tx, subject, shift.startedAt.toISOString(), cause);
  }
}

/** `name`: what it is posted under, once. */
async function wish(tx: Tx, channel: string, name: string, cause: Cause): Promise<void> {
  await enqueueEffect(tx, {
    ...{ key: boardKey(channel), lane: 'slack', kind: 'slack.board' },
    payload: { channelId: channel, repost: name, repostAt: cause.now.toISOString() },
    ...{ dueAt: cause.now, priority: PRIORITY.decision, ...cause },
  });
}
