import type { Transaction } from 'kysely';
import { enqueueNotice } from '../platform/notices.ts';
import type { Database } from '../platform/postgres/tables.ts';

/** Owes the admins word of a held webhook item: once a day for each reason. */
export async function tellHeld(
  tx: Transaction<Database>,
  eventId: string,
  reason: string,
  traceId: string,
  now: Date,
): Promise<void> {
  await enqueueNotice(tx, {
    userId: 'admins',
    noticeKind: 'event-held',
    subject: reason,
    ids: { eventId, reason },
    traceId,
    now,
  });
}
