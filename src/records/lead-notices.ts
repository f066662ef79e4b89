import type { Transaction } from 'kysely';
import { enqueueNotice, noticeKey } from '../platform/notices.ts';
import type { Database } from '../platform/postgres/tables.ts';
import type { Cause } from './effects.ts';
import { readAttention } from './preferences.ts';

/** A colleague or a manager gave a lead to somebody. */
export const LEAD_GIVEN = 'lead-given';
/** Somebody else's decision took a lead from whoever had it, or was to call it. */
export const LEAD_TAKEN_BACK = 'lead-taken-back';
/** A lead that somebody snoozed is on the board again. */
export const LEAD_AWAKE = 'lead-awake';

export type LeadNoticeKind = typeof LEAD_GIVEN | typeof LEAD_TAKEN_BACK | typeof LEAD_AWAKE;

export function isLeadNotice(noticeKind: string): noticeKind is LeadNoticeKind {
  return [LEAD_GIVEN, LEAD_TAKEN_BACK, LEAD_AWAKE].some((kind) => kind === noticeKind);
}

export interface LeadNotice {
  userId: string;
  noticeKind: LeadNoticeKind;
  leadId: string;
  decisionId: string;
  /** When the decision was made: by then its notice is known. */
  decidedAt: Date;
}

/** Tells somebody of a decision on a lead, once, after their quiet hours; owed again, the same message is drawn anew. */
export async function oweLeadNotice(
  tx: Transaction<Database>,
  notice: LeadNotice,
  cause: Cause,
): Promise<void> {
  const { userId, noticeKind, leadId, decisionId, decidedAt } = notice;
  const { quietUntil: notBefore } = await readAttention(tx, userId, cause.now);
  await enqueueNotice(tx, {
    ...{ userId, noticeKind, subject: decisionId, ids: { leadId, decisionId, memberId: userId } },
    ...{ since: decidedAt, notBefore, ...cause },
  });
}

/** Draws the message anew, if it was owed at all. */
export async function oweLeadNoticeAgain(
  tx: Transaction<Database>,
  notice: LeadNotice,
  cause: Cause,
): Promise<void> {
  const owed = await tx
    .selectFrom('outbox')
    .select('id')
    .where('key', '=', leadNoticeKey(notice))
    .executeTakeFirst();
  if (owed) await oweLeadNotice(tx, notice, cause);
}

/** The key under which `oweLeadNotice` owes it, and under which its message is kept. */
export function leadNoticeKey(notice: Omit<LeadNotice, 'leadId'>): string {
  const { userId, noticeKind, decisionId: subject, decidedAt: now } = notice;
  return noticeKey({ userId, noticeKind, subject, now });
}
