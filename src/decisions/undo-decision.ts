import type { Selectable } from 'kysely';
import { UNDO } from '../delivery/text/decision-words.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { DecisionsTable } from '../platform/postgres/tables.ts';
import type { LeadRecord } from '../records/leads.ts';
import {
  decidedLead,
  type LedgerOptions,
  lockLead,
  oweDecisionEffects,
  repeatedDecision,
  type Tx,
  tierOf,
} from './decision-records.ts';
import {
  overtakenBy,
  type PastDecision,
  standingOverride,
  standingState,
  UNDO_WINDOW_MS,
} from './decision-rules.ts';
import type { DecisionContext, DecisionResult } from './ledger.ts';
import { undoMove } from './undo-move.ts';

type DecisionRecord = Selectable<DecisionsTable>;
export type UndoContext = Omit<DecisionContext, 'leadId'> & { decisionId: string };

/** A new row that names the undone one; the lead goes back to what the remaining decisions say. */
export async function undoDecision(
  options: LedgerOptions,
  context: UndoContext,
): Promise<DecisionResult> {
  const now = options.clock.now();
  return inTransaction(options.db, async (tx): Promise<DecisionResult> => {
    const target = await tx
      .selectFrom('decisions')
      .selectAll()
      .where('id', '=', context.decisionId)
      .executeTakeFirst();
    const lead = target && (await lockLead(tx, target.lead_id));
    if (!target || !lead) return { kind: 'not_found' };
    const named = await decidedLead(tx, lead, options.crmUrl);
    const repeated = await repeatedDecision(tx, context.idempotencyKey, named, now);
    if (repeated) return repeated;
    const past = await pastDecisions(tx, lead.id);
    const refusal =
      refusalOf(target, past, context.actor, now) ??
      (await overtaken(tx, target, past, lead.short_id)) ??
      closedMeanwhile(target, lead);
    if (refusal) return { kind: 'not_possible', message: refusal, lead: named };
    const decisionId = await insertUndo(tx, target, context, now);
    await restoreLead(tx, lead, target, past, now);
    await undoMove(tx, lead, target, { traceId: context.traceId, now });
    await oweDecisionEffects(tx, lead.id, options.writesBack, { traceId: context.traceId, now });
    const restored = await lockLead(tx, lead.id);
    return {
      kind: 'recorded',
      decisionId,
      lead: restored ? await decidedLead(tx, restored, options.crmUrl) : named,
      undoUntil: null,
    };
  });
}

async function pastDecisions(tx: Tx, leadId: string): Promise<PastDecision[]> {
  const rows = await tx
    .selectFrom('decisions')
    .leftJoin('decisions as undo', 'undo.undoes', 'decisions.id')
    .select([
      'decisions.id',
      'decisions.kind',
      'decisions.actor',
      'decisions.to_tier',
      'decisions.snoozed_until',
      'decisions.decided_at',
      'undo.id as undo_id',
    ])
    .where('decisions.lead_id', '=', leadId)
    .where('decisions.kind', '<>', 'undone')
    .orderBy('decisions.decided_at', 'desc')
    .orderBy('decisions.id', 'desc')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    actor: row.actor,
    toTier: row.to_tier,
    snoozedUntil: row.snoozed_until,
    decidedAt: row.decided_at,
    undone: row.undo_id !== null,
  }));
}

function refusalOf(
  target: DecisionRecord,
  past: PastDecision[],
  actor: string,
  now: Date,
): string | null {
  if (target.kind === 'undone' || target.kind === 'released') return 'This cannot be undone.';
  if (target.actor !== actor) return 'Only the person who decided can undo it.';
  if (past.find((decision) => decision.id === target.id)?.undone) return 'This is undone already.';
  if (now.getTime() - target.decided_at.getTime() > UNDO_WINDOW_MS) {
    return 'Undo is possible for five minutes. Decide again instead.';
  }
  return null;
}

/** Who decided what since, so that the person knows whom to ask. */
async function overtaken(
  tx: Tx,
  target: DecisionRecord,
  past: PastDecision[],
  shortId: string,
): Promise<string | null> {
  const newer = overtakenBy(past, target);
  if (newer === null || newer.kind === 'undone') return null;
  if (newer.actor === target.actor) return UNDO.ownSince(shortId, newer.kind);
  const member = await tx
    .selectFrom('members')
    .select('display_name as name')
    .where('slack_user_id', '=', newer.actor)
    .executeTakeFirst();
  const name = member === undefined || member.name === newer.actor ? null : member.name;
  return UNDO.othersSince(name, shortId, newer.kind);
}

/** Nobody takes a lead back onto the board that was closed for another reason since. */
function closedMeanwhile(target: DecisionRecord, lead: LeadRecord): string | null {
  if (lead.state !== 'closed' || target.kind === 'overridden') return null;
  if (target.kind === 'disqualified' && lead.closed_reason?.startsWith('disqualified:'))
    return null;
  return `${lead.short_id} is closed since, so this cannot be undone.`;
}

async function insertUndo(
  tx: Tx,
  target: DecisionRecord,
  context: UndoContext,
  now: Date,
): Promise<string> {
  const row = await tx
    .insertInto('decisions')
    .values({
      lead_id: target.lead_id,
      assessment_id: target.assessment_id,
      ruleset_version: target.ruleset_version,
      kind: 'undone',
      actor: context.actor,
      surface: context.surface,
      from_tier: target.to_tier,
      to_tier: target.from_tier,
      reason_code: null,
      worked: null,
      to_member: null,
      snoozed_until: null,
      undoes: target.id,
      latency_ms: null,
      idempotency_key: context.idempotencyKey,
      decided_at: now,
      trace_id: context.traceId,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function restoreLead(
  tx: Tx,
  lead: LeadRecord,
  target: DecisionRecord,
  past: PastDecision[],
  now: Date,
): Promise<void> {
  const change =
    target.kind === 'overridden'
      ? { override_tier: tierOf(standingOverride(past, target.id)) }
      : stateBefore(lead, target, past, now);
  await tx
    .updateTable('leads')
    .set({ ...change, updated_at: now })
    .where('id', '=', lead.id)
    .execute();
}

function stateBefore(lead: LeadRecord, target: DecisionRecord, past: PastDecision[], now: Date) {
  const { state, acceptance, snoozedUntil } = standingState(
    past,
    target.id,
    lead.first_touch_at,
    now,
  );
  // A rule may have stopped it since: then it stays held.
  const isHeld = lead.state === 'held' && state === 'open';
  return {
    state: isHeld ? ('held' as const) : state,
    held_reason: isHeld ? lead.held_reason : null,
    held_detail: isHeld ? lead.held_detail : null,
    accepted_by: acceptance?.actor ?? null,
    accepted_at: acceptance?.decidedAt ?? null,
    snoozed_until: snoozedUntil,
    closed_reason: null,
    // What came while it was closed was not scored.
    score_due_at: lead.state === 'closed' ? now : lead.score_due_at,
  };
}
