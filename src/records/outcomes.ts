import { sql, type Transaction } from 'kysely';
import { crmOutcome, type Outcome } from '../lead/crm-outcome.ts';
import { enqueueNotice } from '../platform/notices.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { oweHotLeadRefreshes } from './effects.ts';
import { readAttention } from './preferences.ts';

type Tx = Transaction<Database>;

/** Tells who overrode a lead what came of it. */
export const OVERRIDE_OUTCOME = 'override-outcome';

/** A lead as its source knows it now. */
export interface SeenLead {
  leadId: string;
  /** The CRM's pick-list value; null when the source does not say. */
  status: string | null;
  source: string;
  traceId: string;
  receivedAt: Date;
}

interface NewOutcome extends SeenLead {
  kind: Outcome;
}

/**
 * Records what the CRM says came of the leads, each outcome of a lead once, and owes those who overrode one (and
 * did not undo it) a private message. A status that we wrote there ourselves says nothing new.
 */
export async function recordOutcomes(tx: Tx, seen: readonly SeenLead[], now: Date): Promise<void> {
  const said = seen.flatMap((lead): NewOutcome[] => {
    const kind = crmOutcome(lead.status);
    return kind === null ? [] : [{ ...lead, kind }];
  });
  if (said.length === 0) return;
  const ours = await statusesWritten(tx, said);
  const theirs = said.filter(({ leadId, status }) => ours.get(leadId) !== status);
  const fresh = await insertOutcomes(tx, theirs);
  await oweHotLeadRefreshes(tx, [...new Set(fresh.map(({ leadId }) => leadId))], {
    ...{ traceId: fresh[0]?.traceId ?? '', now },
  });
  // That somebody called is not yet what came of it.
  await tellWhoOverrode(
    tx,
    fresh.filter(({ kind }) => kind !== 'contacted'),
    now,
  );
}

async function statusesWritten(
  tx: Tx,
  said: readonly SeenLead[],
): Promise<Map<string, string | null>> {
  const rows = await tx
    .selectFrom('crm_writes')
    .select(['lead_id', 'status_written'])
    .where(
      'lead_id',
      'in',
      said.map(({ leadId }) => leadId),
    )
    .where('status_written', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [row.lead_id, row.status_written]));
}

/** Those that were not known before. */
async function insertOutcomes(tx: Tx, said: readonly NewOutcome[]): Promise<NewOutcome[]> {
  const fresh: NewOutcome[] = [];
  for (const outcome of said) {
    const { leadId, kind, source, receivedAt } = outcome;
    const row = await tx
      .insertInto('outcomes')
      .values({
        ...{ lead_id: leadId, kind, source, dedupe_key: `${leadId}:${kind}` },
        ...{ occurred_at: receivedAt, received_at: receivedAt },
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (row) fresh.push(outcome);
  }
  return fresh;
}

interface Overrider {
  leadId: string;
  actor: string;
  decisionId: string;
}

async function tellWhoOverrode(tx: Tx, outcomes: readonly NewOutcome[], now: Date): Promise<void> {
  if (outcomes.length === 0) return;
  const ids = outcomes.map(({ leadId }) => leadId);
  const { rows } = await sql<Overrider>`
    select distinct on (decisions.lead_id, decisions.actor) decisions.lead_id as "leadId",
      decisions.actor, decisions.id as "decisionId"
    from decisions join members on members.slack_user_id = decisions.actor
    where decisions.lead_id = any(${ids}::uuid[]) and decisions.kind in ('overridden', 'disqualified')
      and coalesce(members.standing, 'member') in ('member', 'guest')
      and not exists (select 1 from decisions as undo where undo.undoes = decisions.id)
    order by decisions.lead_id, decisions.actor, decisions.decided_at desc, decisions.id desc
  `.execute(tx);
  for (const { leadId, kind, traceId } of outcomes) {
    for (const { actor, decisionId } of rows.filter((row) => row.leadId === leadId)) {
      const { quietUntil: notBefore } = await readAttention(tx, actor, now);
      await enqueueNotice(tx, {
        ...{ userId: actor, noticeKind: OVERRIDE_OUTCOME, subject: `${leadId}:${kind}` },
        ids: { leadId, decisionId, outcome: kind },
        ...{ traceId, now, notBefore },
      });
    }
  }
}
