import { sql, type Transaction } from 'kysely';
import { type EffectPayload, enqueueEffect, notifyLane, PRIORITY } from './outbox.ts';
import type { Database } from './postgres/tables.ts';

export interface NoticeRequest {
  /** Slack user id, or 'admins' for every admin. */
  userId: string;
  noticeKind: string;
  /** What it is about: one notice a day for each kind and subject. */
  subject: string;
  /** Ids and field names; never a person's details. */
  ids: EffectPayload;
  traceId: string;
  now: Date;
  /** When the news began, by whose day it is known; `now` unless it is told anew. */
  since?: Date;
  /** Not before this moment: the person's quiet hours. */
  notBefore?: Date | null;
}

/** Of the outbox row, and of the message that it became. */
export function noticeKey(notice: Omit<NoticeRequest, 'ids' | 'traceId'>): string {
  const day = (notice.since ?? notice.now).toISOString().slice(0, 10);
  return `notice:${notice.userId}:${notice.noticeKind}:${notice.subject}:${day}`;
}

/** Owes a person a direct message in Slack. The same news on the same day is told once. */
export async function enqueueNotice(
  trx: Transaction<Database>,
  notice: NoticeRequest,
): Promise<void> {
  await enqueueEffect(trx, {
    key: noticeKey(notice),
    lane: 'slack',
    kind: 'slack.notice',
    payload: { ...notice.ids, userId: notice.userId, noticeKind: notice.noticeKind },
    dueAt: notice.notBefore ?? notice.now,
    priority: PRIORITY.hot,
    traceId: notice.traceId,
    now: notice.now,
  });
}

/** What was held back for a person until later than this, and has not been tried yet, is due at this moment. */
export async function bringForward(
  trx: Transaction<Database>,
  userId: string,
  dueAt: Date,
): Promise<void> {
  await sql`
    update outbox set due_at = ${dueAt}
    where lane = 'slack' and state = 'due' and attempts = 0 and due_at > ${dueAt}
      and kind in ('slack.notice', 'slack.hot_direct') and payload ->> 'userId' = ${userId}
  `.execute(trx);
  await notifyLane(trx, 'slack');
}
