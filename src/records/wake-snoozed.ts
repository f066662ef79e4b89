import { sql, type Transaction } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';
import { type Cause, oweBoard, oweHotLeadRefresh } from './effects.ts';
import { LEAD_AWAKE, oweLeadNotice } from './lead-notices.ts';

type Tx = Transaction<Database>;

interface AwakeLead {
  id: string;
  channel: string | null;
  /** Whose it is to call, if they can be told. */
  rep: string | null;
  decisionId: string | null;
  decidedAt: Date | null;
}

/** Enough for any morning; the rest follow a second later. */
const BATCH = 200;

/**
 * Snoozed leads whose time has come are open again: the board shows them, and whose it is to call,
 * whoever snoozed it, is told once.
 */
export async function wakeSnoozed(tx: Tx, cause: Cause): Promise<void> {
  const { rows } = await sql<AwakeLead>`
    with due as (
      select id from leads where state = 'snoozed' and snoozed_until <= ${cause.now}
      order by id limit ${BATCH} for update
    ), awake as (
      update leads set state = 'open', snoozed_until = null, updated_at = ${cause.now},
        score_due_at = ${cause.now}
      from due where leads.id = due.id
      returning leads.id, leads.assignment_id
    )
    select awake.id, assignments.channel_id as channel, rep.slack_user_id as rep,
      snooze.id as "decisionId", snooze.decided_at as "decidedAt"
    from awake
    left join assignments on assignments.id = awake.assignment_id
    left join members as rep on rep.slack_user_id = assignments.rep_user_id
      and coalesce(rep.standing, 'member') in ('member', 'guest')
    left join lateral (
      select decisions.id, decisions.decided_at from decisions
      where decisions.lead_id = awake.id and decisions.kind = 'snoozed'
        and not exists (select 1 from decisions as undo where undo.undoes = decisions.id)
      order by decisions.decided_at desc, decisions.id desc limit 1
    ) as snooze on true
    order by awake.id
  `.execute(tx);
  for (const { id: leadId, rep, decisionId, decidedAt } of rows) {
    await oweHotLeadRefresh(tx, leadId, cause);
    if (rep === null || decisionId === null || decidedAt === null) continue;
    const notice = { userId: rep, noticeKind: LEAD_AWAKE, leadId, decisionId, decidedAt } as const;
    await oweLeadNotice(tx, notice, cause);
  }
  for (const channel of new Set(rows.flatMap((row) => row.channel ?? []))) {
    await oweBoard(tx, channel, 'refresh', cause);
  }
}
