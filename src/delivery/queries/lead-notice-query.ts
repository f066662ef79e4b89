import type { Kysely } from 'kysely';
import type { DecisionKind } from '../../decisions/ledger.ts';
import type { EffectPayload } from '../../platform/outbox.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import { type LeadNoticeKind, leadNoticeKey } from '../../records/lead-notices.ts';
import type { LeadRow } from '../views.ts';
import { leadRowsByIds } from './board-query.ts';
import { nameOfMember } from './lead-rows.ts';

/** A decision, for somebody whom it concerns. */
export interface LeadNoticeView {
  kind: DecisionKind;
  lead: LeadRow;
  /** Names are null while Slack has not told them. */
  byName: string | null;
  /** Null: it went to nobody. */
  to: { name: string | null } | null;
  /** What was written to the receiver; null for everybody else, when nothing was, or when it is erased. */
  note: string | null;
  undone: boolean;
  /** Whose notice it is. */
  memberId: string;
  /** They decided it themselves. */
  isOwn: boolean;
}

/** Null when there is nothing to say: the lead is gone, or it was undone before anybody was told. */
export async function readLeadNotice(
  db: Kysely<Database>,
  noticeKind: LeadNoticeKind,
  { leadId = '', decisionId = '', memberId = '' }: EffectPayload,
  crmUrl: (crmId: string | null) => string | null,
): Promise<LeadNoticeView | null> {
  const row = await db
    .selectFrom('decisions')
    .innerJoin('members as actor', 'actor.slack_user_id', 'decisions.actor')
    .leftJoin('members as receiver', 'receiver.slack_user_id', 'decisions.to_member')
    .leftJoin('decision_notes', 'decision_notes.decision_id', 'decisions.id')
    .leftJoin('decisions as undo', 'undo.undoes', 'decisions.id')
    .select(['decisions.kind', 'decisions.actor', 'decisions.to_member', 'decisions.decided_at'])
    .select(['actor.display_name as actor_name', 'receiver.display_name as receiver_name'])
    .select(['decision_notes.note', 'undo.id as undo_id'])
    .where('decisions.id', '=', decisionId)
    .executeTakeFirst();
  const [lead] = await leadRowsByIds(db, [leadId], crmUrl);
  if (!row || !lead) return null;
  const undone = row.undo_id !== null;
  const key = leadNoticeKey({
    userId: memberId,
    noticeKind,
    decisionId,
    decidedAt: row.decided_at,
  });
  if (undone && !(await isShown(db, key))) return null;
  const { to_member: to } = row;
  return {
    ...{ kind: row.kind, lead, undone, memberId, isOwn: row.actor === memberId },
    note: to === memberId ? row.note : null,
    byName: nameOfMember(row.actor, row.actor_name),
    to: to === null ? null : { name: nameOfMember(to, row.receiver_name) },
  };
}

async function isShown(db: Kysely<Database>, subject: string): Promise<boolean> {
  const message = await db
    .selectFrom('slack_messages')
    .select('id')
    .where('purpose', '=', 'notice')
    .where('subject', '=', subject)
    .executeTakeFirst();
  return message !== undefined;
}
